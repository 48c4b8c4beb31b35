#pragma once
// The mirror's encapsulation for tests: Mirror().vxlan(inner) is the frame on the sensor's wire.

#include <cstdint>
#include <string>
#include <vector>

#include "support/packet_builder.h"
#include "support/wire_bytes.h"

namespace mirrorscan::support {

/// One option of a GENEVE header; data is padded to 4 bytes.
struct GeneveOption {
  std::uint16_t option_class;
  std::uint8_t type;
  Bytes data;
};

/// VXLAN header and inner frame.
[[nodiscard]] Bytes vxlan_payload(std::uint32_t vni, ByteView inner, std::uint8_t flags = 0x08);
/// GENEVE header, options and inner packet. `protocol` is an EtherType.
[[nodiscard]] Bytes geneve_payload(const std::vector<GeneveOption>& options, std::uint16_t protocol,
                                   ByteView inner);

/// A mirror session as AWS sends it; change what the test is about.
struct Mirror {
  std::string source = "172.31.0.238", target = "172.31.5.9";
  std::uint16_t src_port = 65'474, dst_port = 4'789;
  std::uint32_t vni = 4'711;
  std::uint8_t flags = 0x08;
  std::vector<std::uint16_t> vlans;
  // The Gateway Load Balancer around it.
  std::string balancer = "10.9.0.1", appliance = "10.9.0.2";
  std::uint64_t endpoint = 0x0a1b2c3d4e5f6071, attachment = 0x1122334455667788;
  std::uint32_t cookie = 0xcafef00d;
  std::vector<GeneveOption> more_options;

  /// The outer packet, for further changes.
  [[nodiscard]] Packet vxlan_packet(ByteView inner) const;
  [[nodiscard]] Packet gwlb_packet(ByteView inner) const;
  /// The frame on the sensor's wire.
  [[nodiscard]] Bytes vxlan(ByteView inner) const { return vxlan_packet(inner).bytes(); }
  [[nodiscard]] Bytes gwlb(ByteView inner) const { return gwlb_packet(inner).bytes(); }
};

}  // namespace mirrorscan::support
