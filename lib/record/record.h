#pragma once
// Event records as they cross the ring from a worker to the exporter: fixed size, plain bytes, no pointers.

#include <array>
#include <cstdint>
#include <type_traits>

#include "base/address.h"
#include "base/direction.h"
#include "base/timestamp.h"
#include "packet/meta.h"

namespace mirrorscan::record {

enum class Type : std::uint8_t { alert, flow, anomaly };

/// Both directions of the flow, as far as it was seen when the record was made.
struct FlowCounts {
  std::array<std::uint64_t, kDirections> packets{};
  std::array<std::uint64_t, kDirections> bytes{};  ///< inner frame bytes
  Timestamp start, last;
};

struct AlertBody {
  std::uint32_t rule = 0;  ///< index in the ruleset of `generation`
  std::uint32_t generation = 0;
  bool from_stream = false;         ///< matched on reassembled bytes
  std::uint64_t stream_offset = 0;  ///< of the trigger's end, when from_stream
};

enum class FlowEnd : std::uint8_t { timeout, evicted, tcp_closed, tuple_reused, shutdown };

enum class TcpState : std::uint8_t { none, syn_sent, syn_received, established, closing, closed };

struct FlowBody {
  FlowEnd end = FlowEnd::timeout;
  TcpState tcp_state = TcpState::none;
  bool midstream = false;
  bool alerted = false;
  std::array<std::uint8_t, kDirections> tcp_flags{};  ///< all flags seen, by direction
  std::array<std::uint64_t, kDirections> gap_bytes{};
};

enum class AnomalyKind : std::uint8_t {
  tenant_conflict,  ///< one 5-tuple under two tenants
  overlap_differs,  ///< a TCP overlap with other bytes
  rules_suspended,  ///< rules over their budget of evaluation steps; Record::alert names one, suspension the
                    ///< rest
};

enum class SuspensionReason : std::uint8_t {
  rule_budget,   ///< the rule's own steps in one second
  lcore_budget,  ///< all rules' steps in one second; the costliest were suspended
};

struct SuspensionBody {
  std::uint64_t steps = 0;  ///< that the rule named by `alert` took in that second so far
  std::uint32_t rules = 0;  ///< suspended together with it, itself included
  std::uint32_t seconds = 0;
  SuspensionReason reason = SuspensionReason::rule_budget;
};

struct AnomalyBody {
  AnomalyKind kind = AnomalyKind::tenant_conflict;
  std::uint32_t other_vni = 0;
  std::uint32_t other_tenant = 0;
  std::uint64_t stream_offset = 0;
};

struct Record {
  Type type = Type::alert;
  Direction direction = Direction::to_server;  ///< of the packet or stream the record is about
  IpVersion version = IpVersion::none;
  std::uint8_t protocol = 0;
  std::uint8_t icmp_type = 0, icmp_code = 0;
  bool truncated = false;
  packet::MirrorDirection mirror_direction = packet::MirrorDirection::unknown;
  std::uint16_t src_port = 0,
                dst_port = 0;  ///< oriented as the packet or stream; flow records: client to server
  std::array<std::uint16_t, 2> vlan{};
  std::uint8_t vlans = 0;
  Timestamp time;
  std::uint64_t flow_id = 0;
  IpAddress src, dst;
  packet::Tunnel tunnel;
  std::uint32_t tenant = 0;
  FlowCounts flow;
  AlertBody alert;
  FlowBody flow_end;
  AnomalyBody anomaly;
  SuspensionBody suspension;
};

static_assert(std::is_trivially_copyable_v<Record>);
static_assert(sizeof(Record) <= 448);

}  // namespace mirrorscan::record
