#pragma once
// What would make a figure lie: a name for each, listed with the figures.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/fed.h"
#include "match/database.h"

namespace mirrorscan::bench {

inline constexpr std::string_view kLoopedCapture = "looped_capture";
inline constexpr std::string_view kRandomPayload = "random_payload";
inline constexpr std::string_view kSmallCapture = "small_capture";
inline constexpr std::string_view kSingleMatchFlags = "single_match_flags";
inline constexpr std::string_view kWaitingGenerator = "waiting_generator";
inline constexpr std::string_view kWorkerOverloaded = "worker_overloaded";
inline constexpr std::string_view kUnequalPasses = "unequal_passes";
inline constexpr std::string_view kSharedCpu = "shared_cpu";
inline constexpr std::string_view kUnbalancedLedger = "unbalanced_ledger";

/// Each name once, in the order in which they came up.
class Flags {
 public:
  void raise(std::string_view name) {
    for (const std::string& there : names_)
      if (there == name) return;
    names_.emplace_back(name);
  }
  void raise_if(bool condition, std::string_view name) {
    if (condition) raise(name);
  }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  std::vector<std::string> names_;
};

/// Payload bytes that repeat, as a share, above which a capture counts as looped: real traffic has under 5 %
/// of retransmissions, a second pass over the same flows makes 50 %.
inline constexpr double kMostRepeated = 0.10;
/// Entropy above which payload may be noise, and text below which it is. 1 MB of noise has 7.9998 bits and
/// 0.3 % of text; compressed and encrypted traffic with its headers has less of the one or more of the other.
inline constexpr double kNoiseBits = 7.95, kNoiseText = 0.01;
/// Below these an L3 cache or the mbufs of one pool hold all that is fed.
inline constexpr std::uint64_t kFewPackets = 100'000, kFewBytes = 64ULL << 20;

/// Of the measured lcore's time: below it somebody else's work is in the figures.
inline constexpr double kLeastCpuShare = 0.97;

/// looped_capture, random_payload, small_capture.
void raise_for_traffic(const FedTraffic& traffic, Flags& flags);

/// Whether the database tells each pattern once a scan (HS_FLAG_SINGLEMATCH), which changes its speed and its
/// stream state: `text` is scanned twice over in one stream or block, and must be found twice.
[[nodiscard]] Result<bool> tells_once(const match::Database& db, ByteView text);

}  // namespace mirrorscan::bench
