#include "truth/truth_ledger.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <unordered_map>
#include <vector>

#include "traffic/faults.h"
#include "traffic/frame_length.h"
#include "traffic/sources.h"
#include "truth/flow_judge.h"
#include "truth/flow_record.h"
#include "truth/truth_file.h"

namespace mirrorscan::truth {
namespace {

/// The shortest timeout of flows (docs/config.md, flow.udp_new_timeout_s).
constexpr std::uint64_t kForgottenNs = 30'000'000'000;

}  // namespace

std::optional<SeenPacket> seen_packet(const traffic::PacketPlan& plan) {
  constexpr std::uint8_t kSyn = 0x02;
  const std::size_t payload = plan.payload.size();
  const std::size_t headers = traffic::frame_length(plan) - payload - plan.pad_bytes;
  SeenPacket out;
  out.offset = plan.stream_offset;
  out.stated = out.seen = static_cast<std::uint16_t>(payload);
  out.direction = plan.direction;
  out.syn = plan.ends.protocol == kTcp && (plan.tcp_flags & kSyn) != 0;
  out.second_mirror = (plan.copy & traffic::FaultSource::kSecondMirror) != 0;
  if (plan.snap_bytes == 0) return out;
  if (plan.snap_bytes < headers) return std::nullopt;
  out.seen = static_cast<std::uint16_t>(std::min<std::size_t>(payload, plan.snap_bytes - headers));
  return out;
}

struct TruthLedger::State {
  const traffic::Profile profile;
  const AttackBook& book;
  const traffic::Sources sources;
  const std::size_t budget;
  std::unordered_map<std::uint64_t, FlowRecord> flows;  ///< by serial

  State(const traffic::Profile& p, const AttackBook& b, std::size_t bytes)
      : profile(p), book(b), sources(p.mirrors), budget(bytes) {}
};

TruthLedger::TruthLedger(const traffic::Profile& profile, const AttackBook& book, std::size_t budget_bytes)
    : state_(std::make_unique<State>(profile, book, budget_bytes)) {}

TruthLedger::~TruthLedger() = default;

void TruthLedger::saw(std::span<const traffic::PacketPlan> plans) {
  for (const traffic::PacketPlan& plan : plans) {
    if (plan.attack == traffic::kNoAttack) continue;
    if (const auto seen = seen_packet(plan)) keep(plan, *seen);
  }
}

void TruthLedger::keep(const traffic::PacketPlan& plan, const SeenPacket& seen) {
  // What a node of the table costs beside its value, by the standard library's layout.
  constexpr std::size_t kNodeBytes = sizeof(FlowRecord) + 32;
  auto at = state_->flows.find(plan.flow);
  const std::size_t wanted = sizeof(SeenPacket) + (at == state_->flows.end() ? kNodeBytes : 0);
  // A vector that grows holds up to twice what is in it.
  if (counts_.used_bytes + 2 * wanted > state_->budget) {
    ++counts_.dropped;
    return;
  }
  counts_.used_bytes += 2 * wanted;
  if (at == state_->flows.end()) {
    ++counts_.flows;
    const auto variant = static_cast<std::uint32_t>(state_->book.variant_of(plan.attack, plan.flow));
    FlowRecord record{
        plan.ends, state_->sources.at(plan.source).vni, plan.attack, variant, plan.time_ns, false, {}};
    at = state_->flows.emplace(plan.flow, std::move(record)).first;
  }
  FlowRecord& flow = at->second;
  flow.paused |= plan.time_ns - flow.last_ns > kForgottenNs;
  flow.last_ns = plan.time_ns;
  flow.packets.push_back(seen);
}

Status TruthLedger::write(const std::string& path) const {
  if (counts_.dropped > 0)
    return Error{path,
                 "the ground truth's memory was used up: " + std::to_string(counts_.dropped) +
                     " packets of flows with attacks were not watched",
                 "make fewer flows with attacks, or less traffic"};
  std::vector<std::uint64_t> serials;
  serials.reserve(state_->flows.size());
  for (const auto& [serial, flow] : state_->flows) serials.push_back(serial);
  std::sort(serials.begin(), serials.end());

  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << header_line(state_->profile, state_->book);
  FlowJudge judge(state_->book);
  for (const std::uint64_t serial : serials) {
    const FlowRecord& flow = state_->flows.at(serial);
    out << flow_lines(state_->book.rules(), flow, judge.judge(flow));
  }
  out.close();
  if (out) return success();
  return Error{path, std::string("cannot write the ground truth: ") + std::strerror(errno),
               "give a file in a folder that exists, on a disk with room"};
}

}  // namespace mirrorscan::truth
