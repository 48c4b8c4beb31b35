#include "keywords/fragment_fields.h"

#include <optional>

#include "keywords/packet_condition.h"
#include "wire/ip_protocol.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"
#include "wire/view.h"

namespace mirrorscan::keywords {

using signature::PacketView;

namespace {

enum class Wanted : std::uint8_t { exactly, and_others, one_of, not_all };

std::optional<Wanted> modifier(char c) noexcept {
  if (c == '+') return Wanted::and_others;
  if (c == '*') return Wanted::one_of;
  if (c == '!') return Wanted::not_all;
  return std::nullopt;
}

/// The top three bits of the word that ends in the fragment offset.
std::optional<std::uint16_t> bit_named(char c) noexcept {
  if (c == 'R') return 0x8000;
  if (c == 'D') return 0x4000;
  if (c == 'M') return 0x2000;
  return std::nullopt;
}

bool bits_meet(std::uint32_t there, std::uint32_t bits, Wanted wanted) noexcept {
  const bool all = (there & bits) == bits;
  switch (wanted) {
    case Wanted::exactly: return there == bits;
    case Wanted::and_others: return all && there != bits;
    case Wanted::one_of: return (there & bits) != 0;
    case Wanted::not_all: return !all;
  }
  return false;
}

bool is_chain_link(std::uint8_t header) noexcept {
  using namespace wire::ip_protocol;
  return header == kHopByHop || header == kRouting || header == kDestinationOptions ||
         header == kAuthentication;
}

/// Offset in bytes from the fragment header, which may belong to an atomic fragment.
std::optional<std::uint32_t> ipv6_offset(ByteView l3) noexcept {
  const auto* ip = wire::view<wire::Ipv6Header>(l3);
  if (ip == nullptr) return std::nullopt;
  std::uint8_t next = ip->next_header;
  for (ByteView rest = l3.subspan(sizeof(*ip)); const auto* link = wire::view<wire::Ipv6Extension>(rest);) {
    if (next == wire::ip_protocol::kFragment) {
      const auto* fragment = wire::view<wire::Ipv6Fragment>(rest);
      return fragment == nullptr ? std::nullopt : std::optional(fragment->fragment_offset_bytes());
    }
    if (!is_chain_link(next)) return std::nullopt;
    const std::size_t size = next == wire::ip_protocol::kAuthentication ? link->bytes_of_ah() : link->bytes();
    if (size > rest.size()) return std::nullopt;
    next = link->next_header;
    rest = rest.subspan(size);
  }
  return std::nullopt;
}

/// In the units of the keyword; nullopt where the packet has no such field.
std::optional<std::uint32_t> offset_of(const PacketView& packet) noexcept {
  if (packet.meta.version == IpVersion::v4) return packet.meta.fragment_offset / 8;
  return ipv6_offset(packet.l3);
}

}  // namespace

Status parse_fragbits(std::string_view args, Draft& draft) {
  std::string_view text = trimmed(args);
  Wanted wanted = Wanted::exactly;
  if (const auto found = modifier(text.empty() ? ' ' : text.front())) {
    wanted = *found;
    text = trimmed(text.substr(1));
  }
  std::uint32_t bits = 0;
  for (const char c : text) {
    const auto bit = bit_named(c);
    if (!bit) break;  // the reference reads no further
    bits |= *bit;
  }
  if (bits == 0) return refuse("fragbits: no bit is named", "write M, D or R, after +, * or ! if wanted");
  return add_condition(draft, "fragbits", args, [bits, wanted](const PacketView& packet) noexcept {
    if (packet.meta.version != IpVersion::v4) return false;
    const auto* ip = wire::view<wire::Ipv4Header>(packet.l3);
    return ip != nullptr && bits_meet(ip->flags_fragment.host() & 0xe000u, bits, wanted);
  });
}

Status parse_fragoffset(std::string_view args, Draft& draft) {
  std::string_view text = trimmed(args);
  const char op = text.starts_with('<') || text.starts_with('>') ? text.front() : '=';
  if (op != '=') text = trimmed(text.substr(1));
  const std::size_t end = text.find_first_not_of("0123456789");
  if (end != 0) text = text.substr(0, end);  // the reference reads no further
  const auto number = number_between(text, "fragoffset", 0, 65535);
  if (!number) return number.error();
  const auto wanted = static_cast<std::uint32_t>(number.value());
  return add_condition(draft, "fragoffset", args, [op, wanted](const PacketView& packet) noexcept {
    const auto offset = offset_of(packet);
    if (!offset) return false;
    return op == '<' ? *offset < wanted : op == '>' ? *offset > wanted : *offset == wanted;
  });
}

}  // namespace mirrorscan::keywords
