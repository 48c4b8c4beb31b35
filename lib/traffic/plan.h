#pragma once
// A packet before it has bytes. Traffic is decided on plans (which flow speaks, what is lost, which copy
// comes again) and written as frames at the very end, so that each stage is small and none parses a packet.

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "base/address.h"
#include "base/bytes.h"
#include "base/direction.h"

namespace mirrorscan::traffic {

class Hosts;

struct Endpoints {
  IpAddress client, server;
  std::uint16_t client_port = 0, server_port = 0;
  IpVersion version = IpVersion::v4;
  std::uint8_t protocol = 6;  ///< 6 or 17; of a captured frame any, 0 where it is no IP
};

/// Of a flow without an attack.
inline constexpr std::uint32_t kNoAttack = 0xffff'ffff;
/// Of a captured frame that is no IP packet.
inline constexpr std::uint64_t kNoFlow = 0xffff'ffff'ffff'ffff;

struct PacketPlan {
  std::uint64_t time_ns = 0;  ///< nominal, from the start of the traffic; never less than the plan before
  std::uint64_t flow = 0;     ///< serial number of the flow, from 0; kNoFlow
  Endpoints ends;
  Direction direction = Direction::to_server;
  std::uint8_t tcp_flags = 0;
  std::uint16_t ip_id = 0;
  std::uint32_t seq = 0, ack = 0;
  std::uint32_t stream_offset = 0;   ///< of the payload in its direction; SYN and FIN do not count
  ByteView payload;                  ///< lies in a book or an attack, which outlive all plans
  std::uint32_t pad_bytes = 0;       ///< of Ethernet padding, for frames longer than their packet
  std::uint32_t attack = kNoAttack;  ///< index of the flow's attack
  std::uint32_t source = 0;          ///< the mirror session: an index of Sources
  std::uint32_t snap_bytes = 0;      ///< the inner frame is cut to this; 0 = whole
  std::uint16_t copy = 0;            ///< 0 = the packet itself; others come again
  ByteView captured;  ///< an inner frame to copy to `ends` (its own addresses give way, see readdress.h);
                      ///< empty = written from the above; lies in the CaptureSource, as `hosts` does
  const Hosts* hosts = nullptr;  ///< of `captured`: which address becomes which
  std::uint32_t hosts_copy = 0;  ///< of `captured`: as copy number so and so; 0 = its own addresses
};
static_assert(std::is_trivially_copyable_v<PacketPlan>);

/// When packet number `ordinal`, from 0, is due at `rate` packets a second.
[[nodiscard]] inline std::uint64_t even_time_ns(std::uint64_t ordinal, double rate) noexcept {
  return static_cast<std::uint64_t>(static_cast<double>(ordinal) * 1e9 / rate);
}

/// Gives plans in the order in which the packets go out.
class PlanSource {
 public:
  virtual ~PlanSource() = default;
  /// Up to out.size() plans; 0 at the end.
  [[nodiscard]] virtual std::size_t next(std::span<PacketPlan> out) = 0;
};

}  // namespace mirrorscan::traffic
