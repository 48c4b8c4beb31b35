#pragma once
// What the kernel counted on the packet rings of one interface that this process has open. net_af_packet
// keeps its sockets to itself and tells no drops: they are found among the process's descriptors.

#include <cstdint>
#include <string>
#include <vector>

namespace mirrorscan::af_packet {

class RingStatistics {
 public:
  /// Takes duplicates of the sockets that are bound to the interface now.
  explicit RingStatistics(const std::string& interface);
  ~RingStatistics();
  RingStatistics(const RingStatistics&) = delete;
  RingStatistics& operator=(const RingStatistics&) = delete;

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
