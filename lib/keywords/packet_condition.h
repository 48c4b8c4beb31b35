#pragma once
// A condition on a packet made of a function and its text, for keywords that need no class of their own.

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "keywords/arguments.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `Match` is bool(const signature::PacketView&) noexcept.
template <class Match>
class PacketCondition final : public signature::PacketTest {
 public:
  PacketCondition(Match match, std::string text) : match_(std::move(match)), text_(std::move(text)) {}
  [[nodiscard]] bool match(const signature::PacketView& packet) const noexcept override {
    return match_(packet);
  }
  [[nodiscard]] std::string describe() const override { return text_; }

 private:
  Match match_;
  std::string text_;
};

/// Adds the condition to the rule, described as `keyword args`.
template <class Match>
Status add_condition(Draft& draft, std::string_view keyword, std::string_view args, Match match) {
  std::string text(keyword);
  if (!args.empty()) text += " " + std::string(trimmed(args));
  draft.rule.packet.push_back(std::make_unique<PacketCondition<Match>>(std::move(match), std::move(text)));
  return success();
}

}  // namespace mirrorscan::keywords
