#pragma once
// Frames that a measurement is fed with: made or stored before anything is timed.

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/timestamp.h"

namespace mirrorscan::bench {

/// A mirrored frame, outer headers included.
struct TimedFrame {
  ByteView bytes;
  Timestamp time;
};

class FrameSource {
 public:
  virtual ~FrameSource() = default;
  /// The next frame, valid until the next call; nullptr at the end. Times do not go backwards.
  [[nodiscard]] virtual const TimedFrame* next() = 0;
};

/// Frames in memory, in the order of their arrival.
class StoredFrames {
 public:
  /// An earlier time counts as the latest one seen, as in a replay.
  void add(ByteView bytes, Timestamp time) {
    if (!frames_.empty() && time < frames_.back().time) time = frames_.back().time;
    frames_.push_back({bytes_.size(), static_cast<std::uint32_t>(bytes.size()), time});
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  [[nodiscard]] std::size_t size() const noexcept { return frames_.size(); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_.size(); }
  [[nodiscard]] TimedFrame at(std::size_t i) const noexcept {
    return {{bytes_.data() + frames_[i].offset, frames_[i].length}, frames_[i].time};
  }

 private:
  struct Place {
    std::uint64_t offset;
    std::uint32_t length;
    Timestamp time;
  };
  std::vector<std::uint8_t> bytes_;
  std::vector<Place> frames_;
};

/// Stored frames once, from the first to the last.
class StoredSource final : public FrameSource {
 public:
  explicit StoredSource(const StoredFrames& frames) noexcept : frames_(frames) {}
  [[nodiscard]] const TimedFrame* next() override {
    if (next_ == frames_.size()) return nullptr;
    frame_ = frames_.at(next_++);
    return &frame_;
  }

 private:
  const StoredFrames& frames_;
  std::size_t next_ = 0;
  TimedFrame frame_;
};

}  // namespace mirrorscan::bench
