#pragma once
// Headers as they are written into a frame, each in one pass of stores: nothing is read back for a checksum,
// which would wait for the stores.

#include <cstdint>
#include <new>

#include "base/address.h"
#include "traffic/checksum.h"
#include "wire/ethernet.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

namespace mirrorscan::traffic {

/// A MAC address made of the last four bytes of an IP address; locally administered (IEEE 802 clause 8.4).
[[nodiscard]] inline wire::MacAddress mac_of(IpVersion version, const IpAddress& address) noexcept {
  const std::uint8_t* last = address.bytes.data() + (version == IpVersion::v4 ? 0 : 12);
  const std::uint8_t second = version == IpVersion::v4 ? 4 : 6;
  return {0x02, second, last[0], last[1], last[2], last[3]};
}

/// Writes the header at `at`; what follows it.
inline std::uint8_t* write_ethernet(std::uint8_t* at, IpVersion version, const IpAddress& src,
                                    const IpAddress& dst) noexcept {
  const std::uint16_t type = version == IpVersion::v4 ? wire::ether_type::kIpv4 : wire::ether_type::kIpv6;
  new (at) wire::EthernetHeader{
      .dst = mac_of(version, dst), .src = mac_of(version, src), .type = wire::Be16::from_host(type)};
  return at + sizeof(wire::EthernetHeader);
}

struct Ipv4Fields {
  std::uint16_t total_bytes = 0, id = 0;
  std::uint16_t flags_fragment = 0;
  std::uint8_t ttl = 64, protocol = 0;
};
inline constexpr std::uint16_t kDontFragment = 0x4000;

/// Writes the header at `at`, its checksum included; what follows it.
inline std::uint8_t* write_ipv4(std::uint8_t* at, const Ipv4Fields& fields, const IpAddress& src,
                                const IpAddress& dst) noexcept {
  constexpr std::uint8_t kVersionIhl = 0x45;
  const auto length = wire::Be16::from_host(fields.total_bytes);
  const auto id = wire::Be16::from_host(fields.id);
  const auto flags_fragment = wire::Be16::from_host(fields.flags_fragment);
  const std::uint64_t sum = sum_of(kVersionIhl, 0) + sum_of(length) + sum_of(id) + sum_of(flags_fragment) +
                            sum_of(fields.ttl, fields.protocol) + sum_of(src) + sum_of(dst);
  const auto& s = src.bytes;
  const auto& d = dst.bytes;
  new (at) wire::Ipv4Header{.version_ihl = kVersionIhl,
                            .tos = 0,
                            .total_length = length,
                            .id = id,
                            .flags_fragment = flags_fragment,
                            .ttl = fields.ttl,
                            .protocol = fields.protocol,
                            .checksum = checksum_of(sum),
                            .src = {s[0], s[1], s[2], s[3]},
                            .dst = {d[0], d[1], d[2], d[3]}};
  return at + sizeof(wire::Ipv4Header);
}

/// Writes the header at `at`; what follows it.
inline std::uint8_t* write_ipv6(std::uint8_t* at, std::uint16_t payload_bytes, std::uint8_t next_header,
                                const IpAddress& src, const IpAddress& dst) noexcept {
  new (at) wire::Ipv6Header{.version_class_label = wire::Be32::from_host(0x6000'0000),
                            .payload_length = wire::Be16::from_host(payload_bytes),
                            .next_header = next_header,
                            .hop_limit = 64,
                            .src = src.bytes,
                            .dst = dst.bytes};
  return at + sizeof(wire::Ipv6Header);
}

}  // namespace mirrorscan::traffic
