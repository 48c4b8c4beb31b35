#include "keywords/checksum.h"

#include "base/letter_case.h"
#include "keywords/header_bytes.h"
#include "keywords/packet_condition.h"
#include "wire/ip_protocol.h"
#include "wire/udp.h"
#include "wire/view.h"

namespace mirrorscan::keywords {

using packet::Transport;
using signature::PacketView;

namespace {

/// RFC 1071: the sum of 16-bit words, an odd last byte padded with 0; carries are folded in by the caller.
std::uint64_t sum_of(ByteView bytes) noexcept {
  std::uint64_t sum = 0;
  std::size_t at = 0;
  for (; at + 1 < bytes.size(); at += 2) sum += std::uint64_t{bytes[at]} << 8 | bytes[at + 1];
  return at < bytes.size() ? sum + (std::uint64_t{bytes[at]} << 8) : sum;
}

/// With the checksum field among the words they come to all ones.
Checksum verdict(std::uint64_t sum) noexcept {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return sum == 0xffff ? Checksum::valid : Checksum::invalid;
}

std::uint8_t protocol_of(Transport transport) noexcept {
  switch (transport) {
    case Transport::tcp: return wire::ip_protocol::kTcp;
    case Transport::udp: return wire::ip_protocol::kUdp;
    case Transport::icmpv6: return wire::ip_protocol::kIcmpv6;
    default: return 0;
  }
}

std::uint64_t pseudo_header(const packet::Meta& meta, std::size_t length) noexcept {
  const std::size_t size = meta.version == IpVersion::v4 ? 4 : 16;
  return sum_of(ByteView(meta.src.bytes).first(size)) + sum_of(ByteView(meta.dst.bytes).first(size)) +
         length + protocol_of(meta.transport);
}

bool leaves_checksum_out(const PacketView& packet) noexcept {
  if (packet.meta.transport != Transport::udp || packet.meta.version != IpVersion::v4) return false;
  const auto* header = wire::view<wire::UdpHeader>(packet.l4());
  return header != nullptr && header->checksum.host() == 0;
}

struct Wanted {
  Transport transport;
  IpVersion version;
  Checksum checksum;
};

bool holds(const PacketView& packet, const Wanted& wanted) noexcept {
  if (packet.meta.version != wanted.version) return false;
  if (wanted.transport == Transport::none) return ipv4_checksum(packet) == wanted.checksum;
  return packet.meta.transport == wanted.transport && transport_checksum(packet) == wanted.checksum;
}

Status add(std::string_view keyword, Transport transport, IpVersion version, std::string_view args,
           Draft& draft) {
  const std::string word = lowered(trimmed(args));
  if (word != "valid" && word != "invalid") {
    return refuse(std::string(keyword) + ": '" + word + "' is not known", "write valid or invalid");
  }
  const Wanted wanted{transport, version, word == "valid" ? Checksum::valid : Checksum::invalid};
  return add_condition(draft, keyword, args,
                       [wanted](const PacketView& packet) noexcept { return holds(packet, wanted); });
}

}  // namespace

Checksum ipv4_checksum(const PacketView& packet) noexcept {
  const ByteView header = header_bytes(signature::Buffer::ipv4_header, packet);
  if (header.empty() || packet.meta.reassembled) return Checksum::unknown;
  return verdict(sum_of(header));
}

Checksum transport_checksum(const PacketView& packet) noexcept {
  const packet::Meta& meta = packet.meta;
  const ByteView l4 = packet.l4();
  const std::size_t stated = std::size_t{meta.payload_offset} - meta.l4_offset + meta.payload_stated;
  const bool covered = meta.transport == Transport::icmp || protocol_of(meta.transport) != 0;
  if (!covered || l4.empty() || l4.size() != stated || leaves_checksum_out(packet)) return Checksum::unknown;
  return verdict(sum_of(l4) + (meta.transport == Transport::icmp ? 0 : pseudo_header(meta, l4.size())));
}

Status parse_ipv4_csum(std::string_view args, Draft& draft) {
  return add("ipv4-csum", Transport::none, IpVersion::v4, args, draft);
}

Status parse_tcpv4_csum(std::string_view args, Draft& draft) {
  return add("tcpv4-csum", Transport::tcp, IpVersion::v4, args, draft);
}

Status parse_tcpv6_csum(std::string_view args, Draft& draft) {
  return add("tcpv6-csum", Transport::tcp, IpVersion::v6, args, draft);
}

Status parse_udpv4_csum(std::string_view args, Draft& draft) {
  return add("udpv4-csum", Transport::udp, IpVersion::v4, args, draft);
}

Status parse_udpv6_csum(std::string_view args, Draft& draft) {
  return add("udpv6-csum", Transport::udp, IpVersion::v6, args, draft);
}

Status parse_icmpv4_csum(std::string_view args, Draft& draft) {
  return add("icmpv4-csum", Transport::icmp, IpVersion::v4, args, draft);
}

Status parse_icmpv6_csum(std::string_view args, Draft& draft) {
  return add("icmpv6-csum", Transport::icmpv6, IpVersion::v6, args, draft);
}

}  // namespace mirrorscan::keywords
