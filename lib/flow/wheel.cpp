#include "flow/wheel.h"

#include <bit>

namespace mirrorscan::flow {

namespace {
constexpr std::uint32_t kFewestPositions = 1'024;
/// Positions beyond the longest timeout: seconds that the wheel may lag behind without losing exactness.
constexpr std::int64_t kLag = 64;
}  // namespace

std::uint32_t Wheel::positions(Duration longest_timeout) noexcept {
  const auto needed = static_cast<std::uint32_t>(longest_timeout.us / Duration::seconds(1).us + kLag);
  return std::max(std::bit_ceil(needed), kFewestPositions);
}

std::uint64_t Wheel::bytes(std::uint32_t max_flows, Duration longest_timeout) noexcept {
  return (std::uint64_t{max_flows} + positions(longest_timeout)) * sizeof(Node);
}

Wheel::Wheel(std::uint32_t max_flows, Duration longest_timeout)
    : max_flows_(max_flows),
      mask_(positions(longest_timeout) - 1),
      nodes_(std::size_t{max_flows} + positions(longest_timeout)) {
  for (std::uint32_t position = 0; position <= mask_; ++position) {
    const std::uint32_t end = max_flows_ + position;
    nodes_[end] = {end, end, position};
  }
}

void Wheel::arm(Slot slot, Tick tick, Tick now) noexcept {
  catch_up(now);
  link(slot, tick);
  ++armed_;
}

void Wheel::disarm(Slot slot) noexcept {
  unlink(slot);
  if (--armed_ == 0) earliest_ = kNever;
}

void Wheel::follow(Tick now) noexcept {
  cursor_ = std::max(cursor_, std::min(earliest_, now));
}

void Wheel::catch_up(Tick now) noexcept {
  follow(now);
  if (now - cursor_ <= static_cast<Tick>(mask_)) return;
  // Time leapt by more than the wheel: all that is armed is to be looked at by `now`, in whatever order.
  cursor_ = now - static_cast<Tick>(mask_);
  earliest_ = cursor_;
}

void Wheel::link(Slot slot, Tick tick) noexcept {
  const Tick at = clamped(tick);
  const std::uint32_t end = end_of(at);
  const std::uint32_t last = nodes_[end].previous;
  nodes_[slot] = {last, end, nodes_[end].position};
  nodes_[last].next = slot;
  nodes_[end].previous = slot;
  earliest_ = std::min(earliest_, at);
}

void Wheel::unlink(Slot slot) noexcept {
  const Node node = nodes_[slot];
  nodes_[node.previous].next = node.next;
  nodes_[node.next].previous = node.previous;
}

void Wheel::move(Slot slot, Tick tick) noexcept {
  unlink(slot);
  link(slot, tick);
}

}  // namespace mirrorscan::flow
