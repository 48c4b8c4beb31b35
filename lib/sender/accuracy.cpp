#include "sender/accuracy.h"

#include <algorithm>

namespace mirrorscan::sender {

void IntervalDeviation::due(std::uint64_t due_ns) noexcept {
  const std::uint64_t interval = due_ns / width_ns_;
  for (; due_interval_ < interval; ++due_interval_) {
    due_.push_back(due_count_);
    due_count_ = 0;
  }
  ++due_count_;
  settle();
}

void IntervalDeviation::left(std::uint64_t now_ns, std::uint64_t packets) noexcept {
  const std::uint64_t interval = now_ns / width_ns_;
  for (; left_interval_ < interval; ++left_interval_) {
    left_.push_back(left_count_);
    left_count_ = 0;
  }
  left_count_ += packets;
  settle();
}

void IntervalDeviation::settle() noexcept {
  for (; !due_.empty() && !left_.empty(); due_.pop_front(), left_.pop_front()) {
    const std::uint64_t wanted = due_.front(), got = left_.front();
    if (wanted == 0) continue;
    const std::uint64_t away = std::max(wanted, got) - std::min(wanted, got);
    ppm_.record(away * 1'000'000 / wanted);
  }
}

}  // namespace mirrorscan::sender
