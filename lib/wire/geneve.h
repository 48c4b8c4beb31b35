#pragma once
// GENEVE. Source: RFC 8926 sections 3.4 (header) and 3.5 (options). AWS's options: Gateway Load Balancer
// tunnel format, as aws-samples/aws-gateway-load-balancer-tunnel-handler reads it.
//
//   0  2       8 9 10    16                   32
//   |V |opt len|O|C|rsv  | protocol type      |     opt len in 4-byte words; O control packet, C critical
//   option inside | VNI (24 bits)               | reserved  |
//
//   Option:  | class (16) | C + type (8) | rsv (3) length (5) | data |     length in 4-byte words, this
//   header apart

#include <cstdint>

#include "wire/byte_order.h"

namespace mirrorscan::wire {

struct GeneveHeader {
  std::uint8_t version_length, control_flags;
  Be16 protocol;
  Be24 vni;
  std::uint8_t reserved;

  [[nodiscard]] std::uint8_t version() const noexcept { return version_length >> 6; }
  [[nodiscard]] std::uint32_t option_bytes() const noexcept { return (version_length & 0x3fu) * 4; }
};

struct GeneveOption {
  Be16 option_class;
  std::uint8_t critical_type, reserved_length;

  /// Without the critical bit.
  [[nodiscard]] std::uint8_t type() const noexcept { return critical_type & 0x7f; }
  [[nodiscard]] std::uint32_t data_bytes() const noexcept { return (reserved_length & 0x1fu) * 4; }
};

inline constexpr std::size_t kMaxGeneveOptionBytes = 63 * 4;

/// AWS Gateway Load Balancer's options.
namespace gwlb_option {
inline constexpr std::uint16_t kClass = 0x0108;
inline constexpr std::uint8_t kEndpoint = 1;    ///< endpoint's ENI id, 64 bits
inline constexpr std::uint8_t kAttachment = 2;  ///< attachment id, 64 bits
inline constexpr std::uint8_t kFlowCookie = 3;  ///< 32 bits
}  // namespace gwlb_option

static_assert(sizeof(GeneveHeader) == 8 && kIsWireLayout<GeneveHeader>);
static_assert(sizeof(GeneveOption) == 4 && kIsWireLayout<GeneveOption>);

}  // namespace mirrorscan::wire
