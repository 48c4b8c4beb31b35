#pragma once
// Nobody as the receiver: frames are written to memory and forgotten, so that what making them costs stands
// alone.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sender/output.h"
#include "traffic/frame_writer.h"
#include "traffic/profile.h"

namespace mirrorscan::sender {

/// Frames go to buffers in turn, as many as fit no cache: a frame that leaves over a port is written to cold
/// memory, too.
class ScratchOutput final : public Output {
 public:
  explicit ScratchOutput(const traffic::Profile& profile);

  void make(std::span<const traffic::PacketPlan> plans) noexcept override;
  /// A frame that is made is done.
  void send(std::size_t) noexcept override {}
  void discard() noexcept override {}
  [[nodiscard]] std::string name() const override { return "nowhere"; }

 private:
  static constexpr std::size_t kMemoryBytes = std::size_t{64} << 20;

  traffic::FrameWriter writer_;
  std::vector<std::uint8_t> memory_;
  std::size_t buffer_bytes_;
  std::size_t at_ = 0;  ///< of the next buffer
};

}  // namespace mirrorscan::sender
