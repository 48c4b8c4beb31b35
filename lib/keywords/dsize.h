#pragma once
// dsize: the length of the packet's payload.

#include <memory>
#include <string>

#include "keywords/integer_condition.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

class Dsize final : public signature::PacketTest {
 public:
  static constexpr std::uint32_t kMost = 65535;

  explicit Dsize(IntegerCondition condition, std::string text)
      : condition_(condition), text_(std::move(text)) {}
  [[nodiscard]] bool match(const signature::PacketView& packet) const noexcept override {
    // `!n` speaks of packets with payload only, as in the reference.
    if (condition_.negated() && packet.payload_length == 0) return false;
    return condition_.contains(packet.payload_length);
  }
  [[nodiscard]] std::string describe() const override { return "dsize " + text_; }
  /// The longest payload that it accepts.
  [[nodiscard]] std::uint32_t greatest() const noexcept { return condition_.greatest(kMost); }

 private:
  IntegerCondition condition_;
  std::string text_;
};

Status parse_dsize(std::string_view args, Draft& draft);

/// The rule's dsize, or nullptr.
[[nodiscard]] const Dsize* dsize_of(const Draft& draft);

}  // namespace mirrorscan::keywords
