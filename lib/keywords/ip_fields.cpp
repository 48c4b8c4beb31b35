#include "keywords/ip_fields.h"

#include "keywords/integer_condition.h"
#include "keywords/packet_condition.h"

namespace mirrorscan::keywords {

using signature::PacketView;

namespace {

/// Decimal, or two hexadecimal digits after an x.
Result<std::int64_t> tos_value(std::string_view text) {
  const bool hex = text.starts_with('x') || text.starts_with('X');
  const std::string written = hex ? "0x" + std::string(text.substr(1)) : std::string(text);
  if (!hex && (text.starts_with("0x") || text.starts_with("0X"))) {
    return refuse("tos: '" + std::string(text) + "' is not a value",
                  "write a number, or x and hex digits: x1f");
  }
  return number_between(written, "tos", 0, 255);
}

std::string_view without_quotes(std::string_view text) noexcept {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? trimmed(text.substr(1, text.size() - 2)) : text;
}

}  // namespace

Status parse_ttl(std::string_view args, Draft& draft) {
  const auto condition = IntegerCondition::parse(args, "ttl", 255);
  if (!condition) return condition.error();
  return add_condition(draft, "ttl", args, [wanted = condition.value()](const PacketView& packet) noexcept {
    return wanted.contains(packet.meta.ttl);
  });
}

Status parse_tos(std::string_view args, Draft& draft) {
  std::string_view text = without_quotes(trimmed(args));
  const bool negated = text.starts_with('!');
  if (negated) text = without_quotes(trimmed(text.substr(1)));
  const auto value = tos_value(text);
  if (!value) return value.error();
  const auto wanted = static_cast<std::uint8_t>(value.value());
  return add_condition(draft, "tos", args, [wanted, negated](const PacketView& packet) noexcept {
    return packet.meta.version == IpVersion::v4 && (packet.meta.tos == wanted) != negated;
  });
}

Status parse_id(std::string_view args, Draft& draft) {
  const auto value = number_between(without_quotes(trimmed(args)), "id", 0, 65535);
  if (!value) return value.error();
  const auto wanted = static_cast<std::uint32_t>(value.value());
  return add_condition(draft, "id", args, [wanted](const PacketView& packet) noexcept {
    return packet.meta.version == IpVersion::v4 && packet.meta.ip_id == wanted;
  });
}

Status parse_sameip(std::string_view, Draft& draft) {
  return add_condition(draft, "sameip", {},
                       [](const PacketView& packet) noexcept { return packet.meta.src == packet.meta.dst; });
}

}  // namespace mirrorscan::keywords
