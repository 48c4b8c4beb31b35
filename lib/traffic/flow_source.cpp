#include "traffic/flow_source.h"

#include <algorithm>
#include <utility>

#include "traffic/frame_length.h"

namespace mirrorscan::traffic {
namespace {

[[nodiscard]] double lifetime_ns(const Flows& flows) noexcept {
  const double seconds =
      flows.per_second > 0 ? static_cast<double>(flows.concurrent) / flows.per_second : flows.lifetime_s;
  return seconds * 1e9;
}

}  // namespace

Result<std::unique_ptr<FlowSource>> FlowSource::make(const Profile& profile, const Books& books,
                                                     const AttackPlan* attacks) {
  auto law = SegmentLaw::make(profile.flows);
  if (!law) return law.error();
  FlowScript script(profile, books, attacks, std::move(law).value());
  return std::unique_ptr<FlowSource>(new FlowSource(profile, std::move(script)));
}

FlowSource::FlowSource(const Profile& profile, FlowScript script)
    : script_(std::move(script)),
      lifetime_ns_(lifetime_ns(profile.flows)),
      packet_rate_(profile.packet_rate),
      flows_(profile.flows.concurrent),
      calendar_(flows_, expected_interval_ns()) {
  const double apart = lifetime_ns_ / static_cast<double>(flows_.size());
  for (std::uint32_t slot = 0; slot < flows_.size(); ++slot) {
    flows_[slot].next_ns = static_cast<std::uint64_t>(apart * slot);
    calendar_.push(slot);
  }
}

double FlowSource::expected_interval_ns() const {
  constexpr std::uint64_t kMostFlows = 256, kEnoughPackets = 1'000'000;
  std::uint64_t packets = 0, serial = 0;
  for (; serial < kMostFlows && packets < kEnoughPackets; ++serial) {
    Flow flow;
    script_.begin(flow, serial);
    packets += script_.packets(flow);
  }
  const double gap_ns = lifetime_ns_ * static_cast<double>(serial) / static_cast<double>(packets);
  return std::max(gap_ns, double{Flow::kGapNs}) / static_cast<double>(flows_.size());
}

std::size_t FlowSource::next(std::span<PacketPlan> out) {
  for (PacketPlan& plan : out) {
    const std::uint32_t slot = calendar_.pop();
    Flow& flow = flows_[slot];
    if (flow.phase == Phase::over) begin(flow);
    const Said said = script_.say(flow);
    plan = plan_of(flow, said);
    plan.time_ns = time_of(flow.next_ns);
    flow.next_ns += std::uint64_t{flow.gap} * Flow::kGapNs;
    calendar_.push(slot);
  }
  return out.size();
}

void FlowSource::begin(Flow& flow) {
  script_.begin(flow, begun_++);
  const double gap_ns = lifetime_ns_ * script_.draws().life(flow.serial) / script_.packets(flow);
  flow.gap = std::max(1U, static_cast<std::uint32_t>(gap_ns / Flow::kGapNs + 0.5));
}

std::uint64_t FlowSource::time_of(std::uint64_t flow_ns) noexcept {
  if (packet_rate_ <= 0) return flow_ns;
  return even_time_ns(given_++, packet_rate_);
}

PacketPlan FlowSource::plan_of(const Flow& flow, const Said& said) const {
  const FlowDraws& draws = script_.draws();
  const Conversation* attack = script_.conversation(flow);
  const Direction other = opposite(said.direction);
  PacketPlan plan;
  plan.flow = flow.serial;
  plan.ends = draws.ends(flow.serial, flow.kind, attack != nullptr ? attack->client_port : std::uint16_t{0},
                         attack != nullptr ? attack->server_port : std::uint16_t{0});
  plan.direction = said.direction;
  plan.tcp_flags = said.tcp_flags;
  plan.ip_id = static_cast<std::uint16_t>(draws.initial_sequence(flow.serial, said.direction) + flow.packets);
  plan.stream_offset = said.offset;
  plan.payload = said.payload;
  plan.attack = flow.attack;
  plan.source = draws.source(flow.serial);
  if (!is_udp(flow.kind)) {
    plan.seq = draws.initial_sequence(flow.serial, said.direction) + said.offset + said.seq_ahead;
    if ((said.tcp_flags & wire::tcp_flag::kAck) != 0)
      plan.ack = draws.initial_sequence(flow.serial, other) + flow.sent[index_of(other)] + said.ack_ahead;
  }
  plan.pad_bytes = script_.law().padding(frame_length(plan));
  return plan;
}

}  // namespace mirrorscan::traffic
