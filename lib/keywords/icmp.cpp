#include "keywords/icmp.h"

#include <memory>
#include <string>

#include "keywords/arguments.h"
#include "keywords/integer_condition.h"

namespace mirrorscan::keywords {
namespace {

using Field = std::uint8_t packet::Meta::*;

/// One 8-bit field of the ICMP header; packets of other protocols have none and never match.
class IcmpField final : public signature::PacketTest {
 public:
  IcmpField(Field field, IntegerCondition condition, std::string text)
      : field_(field), condition_(condition), text_(std::move(text)) {}

  [[nodiscard]] bool match(const signature::PacketView& packet) const noexcept override {
    const auto transport = packet.meta.transport;
    if (transport != packet::Transport::icmp && transport != packet::Transport::icmpv6) return false;
    return condition_.contains(packet.meta.*field_);
  }
  [[nodiscard]] std::string describe() const override { return text_; }

 private:
  Field field_;
  IntegerCondition condition_;
  std::string text_;
};

Status add(std::string_view keyword, Field field, std::string_view args, Draft& draft) {
  auto condition = IntegerCondition::parse(args, keyword, 255);
  if (!condition) return condition.error();
  std::string text = std::string(keyword) + " " + std::string(trimmed(args));
  draft.rule.packet.push_back(std::make_unique<IcmpField>(field, condition.value(), std::move(text)));
  return success();
}

}  // namespace

Status parse_itype(std::string_view args, Draft& draft) {
  return add("itype", &packet::Meta::icmp_type, args, draft);
}

Status parse_icode(std::string_view args, Draft& draft) {
  return add("icode", &packet::Meta::icmp_code, args, draft);
}

}  // namespace mirrorscan::keywords
