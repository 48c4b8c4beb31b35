#include "defrag/fragment.h"

#include <cstring>

#include "packet/access.h"
#include "wire/ip_protocol.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

namespace mirrorscan::defrag {
namespace {

/// Header bytes that the length field of a datagram made with these headers counts.
std::uint32_t counted_header_bytes(const packet::Meta& meta) noexcept {
  const std::uint32_t all = meta.payload_offset - meta.l3_offset;
  const std::uint32_t uncounted = sizeof(wire::Ipv6Header) + sizeof(wire::Ipv6Fragment);
  if (meta.version == IpVersion::v4) return all;
  return all > uncounted ? all - uncounted : 0;
}

/// RFC 1071 over an IPv4 header, whose length is a multiple of 4.
std::uint16_t checksum(const std::uint8_t* header, std::uint32_t length) noexcept {
  std::uint32_t sum = 0;
  for (std::uint32_t i = 0; i < length; i += 2)
    sum += static_cast<std::uint32_t>(header[i] << 8 | header[i + 1]);
  sum = (sum & 0xffff) + (sum >> 16);
  sum += sum >> 16;
  return static_cast<std::uint16_t>(~sum);
}

bool read_head_v4(const rte_mbuf& mbuf, const packet::Meta& meta, Head& head) noexcept {
  head.length = meta.payload_offset - meta.l3_offset;
  if (head.length < sizeof(wire::Ipv4Header) || head.length > 60) return false;
  if (packet::copy_out(mbuf, meta.l3_offset, head.length, head.bytes.data()) != head.length) return false;
  wire::Ipv4Header fixed;
  std::memcpy(&fixed, head.bytes.data(), sizeof(fixed));
  if (fixed.header_bytes() != head.length) return false;
  constexpr std::uint16_t kReservedAndDf = 0xc000;
  fixed.flags_fragment =
      wire::Be16::from_host(static_cast<std::uint16_t>(fixed.flags_fragment.host() & kReservedAndDf));
  std::memcpy(head.bytes.data(), &fixed, sizeof(fixed));
  return true;
}

/// The size of an extension header that may stand before the fragment header; 0 for any other. An atomic
/// fragment header (RFC 6946) may: receivers go on behind it as if it were not there.
std::uint32_t bytes_of(std::uint8_t next_header, const wire::Ipv6Extension& extension) noexcept {
  using namespace wire::ip_protocol;
  switch (next_header) {
    case kHopByHop:
    case kRouting:
    case kDestinationOptions: return extension.bytes();
    case kAuthentication: return extension.bytes_of_ah();
    case kFragment: return sizeof(wire::Ipv6Fragment);
    default: return 0;
  }
}

/// Where the next-header byte that says "fragment header" lies in the mbuf; 0 when the chain does not lead to
/// a fragment header that ends at the payload. Each step is at least 8 bytes, so the walk ends.
std::uint32_t find_fragment_pointer(const rte_mbuf& mbuf, const packet::Meta& meta) noexcept {
  packet::HeaderScratch scratch;
  const std::uint32_t fragment_header =
      meta.payload_offset - static_cast<std::uint32_t>(sizeof(wire::Ipv6Fragment));
  std::uint32_t pointer =
      meta.l3_offset + static_cast<std::uint32_t>(offsetof(wire::Ipv6Header, next_header));
  std::uint32_t at = meta.l3_offset + static_cast<std::uint32_t>(sizeof(wire::Ipv6Header));
  const std::uint8_t* first = packet::read(mbuf, pointer, 1, scratch.data());
  if (first == nullptr) return 0;
  std::uint8_t next_header = *first;
  while (at < fragment_header) {
    const auto* extension = packet::view<wire::Ipv6Extension>(mbuf, at, scratch);
    const std::uint32_t bytes = extension == nullptr ? 0 : bytes_of(next_header, *extension);
    if (bytes == 0) return 0;
    next_header = extension->next_header;
    pointer = at;
    at += bytes;
  }
  return at == fragment_header && next_header == wire::ip_protocol::kFragment ? pointer : 0;
}

bool read_head_v6(const rte_mbuf& mbuf, const packet::Meta& meta, Head& head) noexcept {
  const std::uint32_t headers = meta.payload_offset - meta.l3_offset;
  if (headers < sizeof(wire::Ipv6Header) + sizeof(wire::Ipv6Fragment)) return false;
  std::uint32_t pointer = find_fragment_pointer(mbuf, meta);
  if (pointer == 0) return false;
  pointer -= meta.l3_offset;
  head.length = headers - static_cast<std::uint32_t>(sizeof(wire::Ipv6Fragment));
  if (head.length > kMaxHead) {
    head.length = sizeof(wire::Ipv6Header);
    pointer = offsetof(wire::Ipv6Header, next_header);
  }
  packet::HeaderScratch scratch;
  const std::uint32_t at = meta.payload_offset - static_cast<std::uint32_t>(sizeof(wire::Ipv6Fragment));
  const auto* fragment = packet::view<wire::Ipv6Fragment>(mbuf, at, scratch);
  if (fragment == nullptr) return false;
  if (packet::copy_out(mbuf, meta.l3_offset, head.length, head.bytes.data()) != head.length) return false;
  head.bytes[pointer] = fragment->next_header;
  return true;
}

}  // namespace

Verdict check(const rte_mbuf& mbuf, const packet::Meta& meta) noexcept {
  const std::uint32_t length = meta.payload_stated;
  const std::uint64_t captured_end = std::uint64_t{meta.payload_offset} + meta.payload_captured;
  if (captured_end > mbuf.pkt_len || meta.payload_offset < meta.l3_offset) return Verdict::bad;
  if (length == 0 || length > kMaxIpLength || meta.fragment_offset > kMaxIpLength) return Verdict::bad;
  if (meta.fragment_offset % 8 != 0 || (meta.more_fragments && length % 8 != 0)) return Verdict::bad;
  if (counted_header_bytes(meta) + meta.fragment_offset + length > kMaxIpLength) return Verdict::bad;
  if (meta.payload_captured > length) return Verdict::bad;
  return meta.payload_captured < length ? Verdict::truncated : Verdict::held;
}

bool read_head(const rte_mbuf& mbuf, const packet::Meta& meta, Head& head) noexcept {
  return meta.version == IpVersion::v4 ? read_head_v4(mbuf, meta, head) : read_head_v6(mbuf, meta, head);
}

bool finish_head(Head& head, IpVersion version, std::uint32_t payload) noexcept {
  const std::uint32_t uncounted = version == IpVersion::v4 ? 0 : sizeof(wire::Ipv6Header);
  const std::uint32_t stated = head.length - uncounted + payload;
  if (stated > kMaxIpLength) return false;
  const auto length = wire::Be16::from_host(static_cast<std::uint16_t>(stated));
  if (version == IpVersion::v6) {
    std::memcpy(&head.bytes[offsetof(wire::Ipv6Header, payload_length)], &length, sizeof(length));
    return true;
  }
  wire::Ipv4Header fixed;
  std::memcpy(&fixed, head.bytes.data(), sizeof(fixed));
  fixed.total_length = length;
  fixed.checksum = {};
  std::memcpy(head.bytes.data(), &fixed, sizeof(fixed));
  fixed.checksum = wire::Be16::from_host(checksum(head.bytes.data(), head.length));
  std::memcpy(head.bytes.data(), &fixed, sizeof(fixed));
  return true;
}

}  // namespace mirrorscan::defrag
