#include "traffic/faults.h"

#include <algorithm>

#include "traffic/frame_length.h"

namespace mirrorscan::traffic {
namespace {

[[nodiscard]] bool asks_for_none(const Faults& faults) noexcept {
  return faults.truncate_bytes == 0 && faults.loss <= 0 && faults.reorder <= 0 && faults.duplicate <= 0 &&
         faults.double_mirrored <= 0 && faults.one_sided <= 0;
}

}  // namespace

FaultSource::FaultSource(PlanSource& from, const Profile& profile)
    : from_(from),
      faults_(profile.faults),
      sources_(profile.mirrors),
      draws_(profile.seed),
      none_(asks_for_none(profile.faults)),
      repeats_(kMostRepeats),
      late_(kMostLate),
      ready_(kMostReady) {}

std::size_t FaultSource::next(std::span<PacketPlan> out) {
  std::size_t count = 0;
  if (none_) {
    count = from_.next(out);
    counts_.in += count;
  }
  while (!none_ && count < out.size() && fill_ready()) out[count++] = ready_.pop();
  counts_.out += count;
  return count;
}

/// Takes packets until one is ready; false at the end.
bool FaultSource::fill_ready() {
  while (ready_.size() == 0 && !ended_) {
    if (burst_at_ == burst_end_) {
      burst_at_ = 0;
      burst_end_ = from_.next(burst_);
    }
    if (burst_end_ == 0) {
      ended_ = true;
      finish();
    } else {
      mirror(burst_[burst_at_++]);
    }
  }
  return ready_.size() > 0;
}

void FaultSource::mirror(const PacketPlan& plan) {
  pass_time(plan.time_ns);
  const std::uint64_t ordinal = counts_.in++;
  const bool of_flow = plan.flow != kNoFlow;
  if (of_flow && draws_.hits(faults_.one_sided, Draw::one_sided, plan.flow) &&
      draws_.below(kDirections, Draw::hidden_direction, plan.flow) == index_of(plan.direction)) {
    ++counts_.one_sided_hidden;
    return;
  }
  if (of_flow && draws_.hits(faults_.double_mirrored, Draw::double_mirrored, plan.flow))
    mirror_twice(plan, ordinal);
  else
    capture(plan, ordinal, 0);
  while (!repeats_.empty() && repeats_.first().due <= sent_) {
    const HeldPlan repeat = repeats_.pop();
    transmit(repeat.plan, repeat.ordinal);
  }
}

/// By flow, not by packet: a mirror keeps the order of what it copies, and is as far away as it is.
void FaultSource::mirror_twice(const PacketPlan& plan, std::uint64_t ordinal) {
  PacketPlan second = plan;
  second.source = sources_.other(plan.source);
  second.copy |= kSecondMirror;
  ++counts_.double_mirrored;
  const std::uint64_t drawn = draws_.below(2 * kMostCopyPackets, Draw::second_mirror_delay, plan.flow);
  const bool second_is_later = drawn < kMostCopyPackets;
  capture(second_is_later ? plan : second, ordinal, 0);
  capture(second_is_later ? second : plan, ordinal, 1 + drawn % kMostCopyPackets);
}

/// A mirror copies the packet and sends it once `packets` more were sent.
void FaultSource::capture(PacketPlan plan, std::uint64_t ordinal, std::uint64_t packets) {
  if (faults_.truncate_bytes != 0 && frame_length(plan) > faults_.truncate_bytes) {
    plan.snap_bytes = faults_.truncate_bytes;
    ++counts_.truncated;
  }
  send(plan, ordinal, packets);
  if (!draws_.hits(faults_.duplicate, Draw::duplicate, ordinal, plan.copy)) return;
  const std::uint64_t delay = draws_.below(kMostCopyPackets, Draw::duplicate_delay, ordinal, plan.copy);
  plan.copy |= kRepeat;
  ++counts_.duplicated;
  send(plan, ordinal, packets + 1 + delay);
}

void FaultSource::send(const PacketPlan& plan, std::uint64_t ordinal, std::uint64_t packets) {
  if (packets == 0)
    transmit(plan, ordinal);
  else
    repeats_.push({plan, ordinal, sent_ + packets, plan.time_ns + kMostCopyNs});
}

/// The network between: loss, then order.
void FaultSource::transmit(const PacketPlan& plan, std::uint64_t ordinal) {
  ++sent_;
  if (draws_.hits(faults_.loss, Draw::loss, ordinal, plan.copy)) {
    ++counts_.lost;
    return;
  }
  const std::uint64_t position = arrived_++;
  if (draws_.hits(faults_.reorder, Draw::reorder, ordinal, plan.copy)) {
    const std::uint64_t delay =
        1 + draws_.below(faults_.reorder_distance, Draw::reorder_delay, ordinal, plan.copy);
    late_.push({plan, ordinal, position + delay, plan.time_ns + kMostReorderNs});
    ++counts_.reordered;
  } else {
    deliver(plan);
  }
  while (!late_.empty() && late_.first().due <= position) deliver(late_.pop().plan);
}

void FaultSource::deliver(PacketPlan plan) {
  last_ns_ = std::max(last_ns_, plan.time_ns);
  plan.time_ns = last_ns_;
  ready_.push(plan);
}

/// What should have gone on by now does so at the time at which it should have.
void FaultSource::pass_time(std::uint64_t now_ns) {
  HeldPlan held;
  while (repeats_.pop_overdue(now_ns, held)) {
    held.plan.time_ns = held.limit_ns;
    transmit(held.plan, held.ordinal);
  }
  while (late_.pop_overdue(now_ns, held)) {
    held.plan.time_ns = held.limit_ns;
    deliver(held.plan);
  }
}

void FaultSource::finish() {
  while (!repeats_.empty()) {
    const HeldPlan repeat = repeats_.pop();
    transmit(repeat.plan, repeat.ordinal);
  }
  while (!late_.empty()) deliver(late_.pop().plan);
}

}  // namespace mirrorscan::traffic
