#pragma once
// A packet on its way through its flow, and the small decisions about it that need no worker.

#include "flow/slot.h"
#include "flow/timeout.h"
#include "packet/meta.h"
#include "ruleset/ruleset.h"
#include "worker/flow_state.h"

struct rte_mbuf;

namespace mirrorscan::worker {

inline constexpr std::uint8_t kProtocolTcp = 6, kProtocolUdp = 17, kProtocolEsp = 50, kProtocolSctp = 132;

/// Rules compare ports for these alone.
[[nodiscard]] inline bool has_ports(std::uint8_t protocol) noexcept {
  return protocol == kProtocolTcp || protocol == kProtocolUdp || protocol == kProtocolSctp;
}

struct Visit {
  const rte_mbuf& mbuf;
  const packet::Meta& meta;
  flow::Slot slot;
  FlowState& flow;
  Direction direction;
};

/// What a flow has of its first packet, whichever end sent it.
inline void begin_with(FlowState& flow, const packet::Meta& meta) noexcept {
  flow.version = meta.version;
  flow.protocol = meta.protocol;
  flow.vlan = meta.vlan;
  flow.vlans = meta.vlans;
  flow.tenant = meta.tenant;
  flow.ledger_slot = meta.ledger_slot;
  flow.counts.start = flow.counts.last = meta.time;
}

/// By the endpoint that sent the packet; an ICMP message about the flow has no ports to go by.
[[nodiscard]] inline Direction direction_of(const FlowState& flow, const packet::Meta& meta) noexcept {
  const bool same_port = meta.protocol != flow.protocol || meta.src_port == flow.client_port;
  return meta.src == flow.client && same_port ? Direction::to_server : Direction::to_client;
}

/// Whether rules see the packet as part of a flow, as the reference has it: ICMP errors about a flow that is
/// not known, and protocols that are none of ours, have none.
[[nodiscard]] inline bool in_flow(const FlowState& flow, const packet::Meta& meta) noexcept {
  using packet::Transport;
  if (meta.transport == Transport::other) return meta.protocol == kProtocolEsp;
  if (meta.transport != Transport::icmp || meta.protocol != flow.protocol) return true;
  constexpr std::uint8_t kErrors[] = {3, 4, 5, 11, 12};  // RFC 792
  for (const std::uint8_t type : kErrors)
    if (meta.icmp_type == type) return false;
  return true;
}

/// The idle time of a flow that has been seen in one direction only.
[[nodiscard]] inline flow::Timeout new_timeout(const packet::Meta& meta) noexcept {
  switch (meta.transport) {
    case packet::Transport::tcp: return flow::Timeout::tcp_new;
    case packet::Transport::udp: return flow::Timeout::udp_new;
    case packet::Transport::icmp:
    case packet::Transport::icmpv6: return flow::Timeout::icmp_new;
    default: return flow::Timeout::other_new;
  }
}

/// The idle time of a flow that is not TCP once both directions were seen.
[[nodiscard]] inline flow::Timeout established_timeout(const packet::Meta& meta) noexcept {
  switch (meta.transport) {
    case packet::Transport::udp: return flow::Timeout::udp_established;
    case packet::Transport::icmp:
    case packet::Transport::icmpv6: return flow::Timeout::icmp_established;
    default: return flow::Timeout::other_established;
  }
}

[[nodiscard]] inline ruleset::ScanKind kind_of(const packet::Meta& meta) noexcept {
  switch (meta.transport) {
    case packet::Transport::udp: return ruleset::ScanKind::udp;
    case packet::Transport::icmp: return ruleset::ScanKind::icmp;
    case packet::Transport::icmpv6: return ruleset::ScanKind::icmpv6;
    case packet::Transport::sctp: return ruleset::ScanKind::sctp;
    default: return ruleset::ScanKind::other;
  }
}

}  // namespace mirrorscan::worker
