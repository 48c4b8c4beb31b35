#pragma once
// A plan's bytes: the frame as it reaches the target.

#include <cstddef>
#include <cstdint>
#include <span>

#include "traffic/outer_headers.h"
#include "traffic/plan.h"
#include "traffic/profile.h"

namespace mirrorscan::traffic {

/// Writes the inner frame (inner_frame.h) behind the headers of its mirror session (outer_headers.h). One
/// profile and one plan give the same bytes each time.
class FrameWriter {
 public:
  /// Of inner frames: what any profile asks for fits (profile.h), and so does a capture of jumbo frames.
  static constexpr std::size_t kMostInnerBytes = 9'216;
  static constexpr std::size_t kMostFrameBytes = kMostOuterBytes + kMostInnerBytes;

  explicit FrameWriter(const Profile& profile) noexcept : outer_(profile.mirrors) {}

  /// The bytes of the frame; 0 when the plan is no packet or `out` has no room for it. A longer frame than
  /// kMostFrameBytes (of a capture with segmentation offload) is written where `out` has room. When a frame
  /// is cut, `out` must have room for its whole headers, and for the whole of a captured one; what lies
  /// behind the bytes returned may be overwritten.
  [[nodiscard]] std::size_t write(const PacketPlan& plan, std::span<std::uint8_t> out) const noexcept;

 private:
  OuterHeaders outer_;
};

}  // namespace mirrorscan::traffic
