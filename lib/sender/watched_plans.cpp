#include "sender/watched_plans.h"

#include <optional>
#include <utility>

#include "wire/ip_protocol.h"
#include "wire/tcp.h"

namespace mirrorscan::sender {
namespace {

using traffic::Kind;

[[nodiscard]] std::optional<Kind> kind_of(const traffic::Endpoints& ends) noexcept {
  const bool tcp = ends.protocol == wire::ip_protocol::kTcp;
  switch (ends.server_port) {
    case 80: return tcp ? std::optional(Kind::http) : std::nullopt;
    case 443: return tcp ? std::optional(Kind::tls) : std::nullopt;
    case 9000: return tcp ? std::optional(Kind::tcp) : std::nullopt;
    case 53: return tcp ? std::nullopt : std::optional(Kind::dns);
    case 5000: return tcp ? std::nullopt : std::optional(Kind::udp);
    default: return std::nullopt;
  }
}

void add(KindCounts& to, const traffic::PacketPlan& plan) noexcept {
  constexpr std::uint8_t kSyn = 0x02, kAck = 0x10;
  ++to.packets;
  to.payload_bytes += plan.payload.size();
  const bool opens = (plan.tcp_flags & (kSyn | kAck)) == kSyn && plan.copy == 0;
  to.openings += opens ? 1 : 0;
}

}  // namespace

WatchedPlans::WatchedPlans(traffic::PlanSource& from, const traffic::Profile& profile, Look look)
    : from_(from), sources_per_vni_(profile.mirrors.sources_per_vni), look_(std::move(look)) {
  counts_.by_vni.resize(profile.mirrors.vnis);
}

std::size_t WatchedPlans::next(std::span<traffic::PacketPlan> out) {
  const std::size_t made = from_.next(out);
  const auto plans = out.first(made);
  if (look_) look_(plans);
  for (const traffic::PacketPlan& plan : plans) count(plan);
  return made;
}

void WatchedPlans::count(const traffic::PacketPlan& plan) noexcept {
  const auto kind = kind_of(plan.ends);
  add(kind ? counts_.by_kind[static_cast<std::size_t>(*kind)] : counts_.other, plan);
  if (plan.attack != traffic::kNoAttack) add(counts_.attacks, plan);
  counts_.copies += plan.copy > 0 ? 1 : 0;
  counts_.truncated += plan.snap_bytes > 0 ? 1 : 0;
  const std::size_t vni = plan.source / sources_per_vni_;
  if (vni < counts_.by_vni.size()) ++counts_.by_vni[vni];
}

}  // namespace mirrorscan::sender
