#include "keywords/icmp_fields.h"

#include <limits>
#include <optional>

#include "keywords/integer_condition.h"
#include "keywords/packet_condition.h"
#include "wire/icmp.h"
#include "wire/view.h"

namespace mirrorscan::keywords {

using packet::Transport;
using signature::PacketView;

namespace {

constexpr std::uint8_t kPacketTooBig = 2;  // RFC 4443 section 3.2

/// Echo, timestamp, information and address mask, each with its reply; echo of ICMPv6.
bool has_identifier(const packet::Meta& meta) noexcept {
  if (meta.transport == Transport::icmpv6) return meta.icmp_type == 128 || meta.icmp_type == 129;
  if (meta.transport != Transport::icmp) return false;
  return meta.icmp_type == 0 || meta.icmp_type == 8 || (meta.icmp_type >= 13 && meta.icmp_type <= 18);
}

std::optional<std::uint32_t> second_word(const PacketView& packet) noexcept {
  const auto* header = wire::view<wire::IcmpHeader>(packet.l4());
  return header == nullptr ? std::nullopt : std::optional(header->rest.host());
}

Status add_half(std::string_view keyword, unsigned shift, std::string_view args, Draft& draft) {
  const auto number = number_between(args, keyword, 0, 65535);
  if (!number) return number.error();
  const auto wanted = static_cast<std::uint16_t>(number.value());
  return add_condition(draft, keyword, args, [wanted, shift](const PacketView& packet) noexcept {
    if (!has_identifier(packet.meta)) return false;
    const auto word = second_word(packet);
    return word && static_cast<std::uint16_t>(*word >> shift) == wanted;
  });
}

}  // namespace

Status parse_icmp_id(std::string_view args, Draft& draft) {
  return add_half("icmp_id", 16, args, draft);
}

Status parse_icmp_seq(std::string_view args, Draft& draft) {
  return add_half("icmp_seq", 0, args, draft);
}

Status parse_icmpv6_mtu(std::string_view args, Draft& draft) {
  const auto condition =
      IntegerCondition::parse(args, "icmpv6.mtu", std::numeric_limits<std::uint32_t>::max());
  if (!condition) return condition.error();
  return add_condition(draft, "icmpv6.mtu", args,
                       [wanted = condition.value()](const PacketView& packet) noexcept {
                         const packet::Meta& meta = packet.meta;
                         if (meta.transport != Transport::icmpv6 || meta.icmp_type != kPacketTooBig)
                           return false;
                         const auto mtu = second_word(packet);
                         return mtu && wanted.contains(*mtu);
                       });
}

}  // namespace mirrorscan::keywords
