#include "alert/alert_memory.h"

namespace mirrorscan::alert {

std::uint32_t AlertMemory::find(const StreamState& stream, std::uint32_t rule) noexcept {
  std::uint32_t node = stream.alerted_first;
  while (node != kNoNode && nodes_[node].rule != rule) node = nodes_[node].next;
  return node;
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
    nodes_[at] = {window, 1, rule, stream.alerted_first};
    stream.alerted_first = at;
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
    nodes_.give_back(stream.alerted_first);
    stream.alerted_first = next;
  }
}

}  // namespace mirrorscan::alert
