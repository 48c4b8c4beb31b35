#pragma once
// A capture's inner frames in memory, read with libpcap.

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace mirrorscan::traffic {

struct CaptureFrame {
  std::uint64_t time_ns = 0;  ///< since the capture's first frame, made monotonic
  std::uint32_t offset = 0, length = 0;
  std::uint32_t missing = 0;  ///< bytes that the capture cut off
};

struct CaptureFrames {
  std::vector<std::uint8_t> bytes;
  std::vector<CaptureFrame> frames;
  std::uint64_t left_out = 0;  ///< empty, or not in VXLAN in a capture of VXLAN

  [[nodiscard]] ByteView view(const CaptureFrame& frame) const noexcept {
    return {bytes.data() + frame.offset, frame.length};
  }
};

/// What a capture may hold: of each frame some 40 bytes are kept besides its own.
inline constexpr std::uint64_t kMostCaptureBytes = 1ULL << 30, kMostCaptureFrames = 1ULL << 25;

/// Reads a capture of Ethernet (pcap or pcapng) whole. Where its first IP packet is VXLAN (UDP port 4789),
/// its frames are those within, and whatever is not in VXLAN is left out. Errors: a file that cannot be
/// opened, is no capture, is not Ethernet, is damaged, has no frame, or has more than `most_bytes` or
/// kMostCaptureFrames.
[[nodiscard]] Result<CaptureFrames> read_capture(const std::string& path,
                                                 std::uint64_t most_bytes = kMostCaptureBytes);

}  // namespace mirrorscan::traffic
