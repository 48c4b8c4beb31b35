// Packets that belong to no flow: fragments before they are put together, and packets whose transport header
// is broken. Rules on headers look at them; there is no payload to look at.

#include <rte_mbuf.h>

#include "worker/visit.h"
#include "worker/worker.h"

namespace mirrorscan::worker {

using packet::Meta;
using ruleset::ScanKind;

namespace {

constexpr std::uint8_t kIpv6Fragment = 44;

/// A fragment of IPv6 is followed by a fragment header, whatever the datagram carries.
[[nodiscard]] Meta as_rules_see_it(const Meta& meta) noexcept {
  Meta out = meta;
  if (meta.fragment && meta.version == IpVersion::v6) out.protocol = kIpv6Fragment;
  return out;
}

}  // namespace

bool Worker::rules_for_strays() const noexcept {
  const ruleset::Ruleset& rules = *generations_.back()->rules;
  return !rules.ip_only.empty() || !rules.scan(ScanKind::stray, Direction::to_server).empty();
}

void Worker::inspect_stray(const rte_mbuf& m, const Meta& packet) noexcept {
  if (!rules_for_strays()) return;
  deciding_ = {packet.time.us, packet.capture_index + 1, 0};
  const Meta meta = as_rules_see_it(packet);
  FlowState& flow = stray_;
  flow = FlowState{};
  flow.client = meta.src;
  flow.server = meta.dst;
  begin_with(flow, meta);
  flow.truncated = meta.truncated;
  Visit visit{m, meta, flow::kNone, flow, Direction::to_server};
  alert::Subject subject;
  subject.version = meta.version;
  subject.protocol = meta.protocol;
  subject.src = meta.src;
  subject.dst = meta.dst;
  subject.in_flow = false;
  subject.ports = !meta.fragment && has_ports(meta.protocol);
  inspector_.inspect_header(*generations_.back(), flow.alert, subject);
  (void)inspect_packet(visit, subject, {ScanKind::stray, Tracked::no, 0});
  settle(flow, &meta, meta.time);
  inspector_.forget(flow.alert);
}

}  // namespace mirrorscan::worker
