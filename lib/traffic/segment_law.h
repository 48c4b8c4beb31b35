#pragma once
// How much payload a data packet carries.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "traffic/profile.h"

namespace mirrorscan::traffic {

/// The most payload of a data packet: an inner frame of 9,000 bytes with the smallest headers.
inline constexpr std::uint32_t kMostSegmentBytes = 9'000 - 42;

/// The size law of a profile.
class SegmentLaw {
 public:
  /// Errors: those of frame_sizes().
  [[nodiscard]] static Result<SegmentLaw> make(const Flows& flows);

  /// Whether packets have sizes of their own and are not as long as what is said.
  [[nodiscard]] bool sized() const noexcept { return !frames_.empty(); }

  /// Bytes of payload at most, 1 to kMostSegmentBytes. `headers`: bytes before it in the inner frame;
  /// `drawn`: 64 even bits.
  [[nodiscard]] std::uint32_t payload(std::size_t headers, std::uint64_t drawn) const noexcept;

  /// Bytes of padding that a packet without data needs to be as long as the shortest frame of a law of
  /// fixed sizes.
  [[nodiscard]] std::uint32_t padding(std::size_t headers) const noexcept {
    return headers < pad_to_ ? pad_to_ - static_cast<std::uint32_t>(headers) : 0;
  }

 private:
  std::uint32_t mss_ = 0, pad_to_ = 0;
  std::vector<std::uint16_t> frames_;  ///< inner frame lengths, each drawn as often as it is here
};

}  // namespace mirrorscan::traffic
