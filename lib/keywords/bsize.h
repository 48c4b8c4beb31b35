#pragma once
// bsize: the length of a sticky buffer.

#include <string>
#include <string_view>

#include "keywords/integer_condition.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

class Bsize final : public signature::PayloadTest {
 public:
  static constexpr std::int64_t kMost = 0xffffffff;

  Bsize(IntegerCondition condition, std::string text) : condition_(condition), text_(std::move(text)) {}
  [[nodiscard]] bool match(signature::Inspection& in, std::size_t index,
                           std::uint32_t cursor) const noexcept override;
  [[nodiscard]] signature::PayloadTraits traits() const override;
  [[nodiscard]] std::string describe() const override { return "bsize " + text_; }
  /// The longest buffer that it accepts.
  [[nodiscard]] std::uint32_t greatest() const noexcept {
    return condition_.greatest(static_cast<std::uint32_t>(kMost));
  }

 private:
  IntegerCondition condition_;
  std::string text_;
};

Status parse_bsize(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
