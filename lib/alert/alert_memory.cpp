#include "alert/alert_memory.h"

#include <bit>

#include "base/mix.h"

namespace mirrorscan::alert {

AlertMemory::AlertMemory(std::uint32_t budget)
    : nodes_(budget), buckets_(std::bit_ceil(std::size_t{budget} + 1), kNoNode) {}

std::uint32_t& AlertMemory::bucket(const StreamState& stream, std::uint32_t rule) noexcept {
  const std::uint64_t hash = mix(reinterpret_cast<std::uintptr_t>(&stream), std::uint64_t{rule});
  return buckets_[static_cast<std::size_t>(hash) & (buckets_.size() - 1)];
}

std::uint32_t AlertMemory::find(const StreamState& stream, std::uint32_t rule) noexcept {
  if (stream.alerted_first == kNoNode) return kNoNode;
  std::uint32_t node = bucket(stream, rule);
  while (node != kNoNode && (nodes_[node].rule != rule || nodes_[node].stream != &stream))
    node = nodes_[node].chain;
  return node;
}

void AlertMemory::unchain(std::uint32_t node) noexcept {
  std::uint32_t* link = &bucket(*nodes_[node].stream, nodes_[node].rule);
  while (*link != node) link = &nodes_[*link].chain;
  *link = nodes_[node].chain;
}

bool AlertMemory::contains(const StreamState& stream, std::uint32_t rule, std::uint64_t window) noexcept {
  const std::uint32_t at = find(stream, rule);
  if (at == kNoNode) return false;
  const Node& node = nodes_[at];
  return window <= node.newest && node.newest - window < kRemembered &&
         ((node.seen >> (node.newest - window)) & 1) != 0;
}

AlertMemory::Marked AlertMemory::mark(StreamState& stream, std::uint32_t rule,
                                      std::uint64_t window) noexcept {
  if (contains(stream, rule, window)) return Marked::again;
  std::uint32_t at = find(stream, rule);
  if (at == kNoNode) {
    at = nodes_.take();
    if (at == kNoNode) return Marked::no_room;
    std::uint32_t& head = bucket(stream, rule);
    nodes_[at] = {window, &stream, 1, rule, stream.alerted_first, head};
    head = stream.alerted_first = at;
    return Marked::first;
  }
  Node& node = nodes_[at];
  if (window > node.newest) {
    const std::uint64_t shift = window - node.newest;
    node.seen = shift < kRemembered ? node.seen << shift : 0;
    node.newest = window;
  }
  if (node.newest - window >= kRemembered) return Marked::no_room;
  node.seen |= std::uint32_t{1} << (node.newest - window);
  return Marked::first;
}

void AlertMemory::forget(StreamState& stream) noexcept {
  while (stream.alerted_first != kNoNode) {
    const std::uint32_t next = nodes_[stream.alerted_first].next;
    unchain(stream.alerted_first);
    nodes_.give_back(stream.alerted_first);
    stream.alerted_first = next;
  }
}

}  // namespace mirrorscan::alert
