#pragma once
// The packet sockets of one interface that this process has open. net_af_packet keeps them to itself, tells
// no drops and takes what the host sends: they are found among the process's descriptors.

#include <cstdint>
#include <string>
#include <vector>

namespace mirrorscan::af_packet {

class RingSockets {
 public:
  /// Takes duplicates of the sockets that are bound to the interface now. Only without any taken before.
  void take(const std::string& interface);
  /// Counts what there is to count a last time. A duplicate keeps its socket's ring and fanout alive.
  void let_go();

  RingSockets() = default;
  ~RingSockets() { let_go(); }
  RingSockets(const RingSockets&) = delete;
  RingSockets& operator=(const RingSockets&) = delete;

  /// From now on frames that this host sends through the interface do not come. (PACKET_IGNORE_OUTGOING would
  /// do, but not once the sockets are in a fanout, in which the driver puts them: a filter does.) False when
  /// the kernel refuses.
  [[nodiscard]] bool ignore_outgoing();

  /// Adds what was counted since the last read; reading sets the kernel's counters to 0 (packet(7),
  /// PACKET_STATISTICS), and nobody else reads them.
  void read();
  /// Frames for the rings, dropped or not.
  [[nodiscard]] std::uint64_t offered() const noexcept { return offered_; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  std::vector<int> sockets_;
  std::uint64_t offered_ = 0, dropped_ = 0;
};

}  // namespace mirrorscan::af_packet
