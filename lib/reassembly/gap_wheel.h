#pragma once
// A timer wheel: one deadline an id, every operation O(1). The slots are 16.4 ms wide; a deadline further
// away than the wheel reaches waits in its last slot and is put in again from there.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/lazy_array.h"
#include "base/timestamp.h"

namespace mirrorscan::reassembly {

class GapWheel {
 public:
  /// For ids 1 to `ids`.
  explicit GapWheel(std::size_t ids) : nodes_(ids + 1) {}

  void schedule(std::uint32_t id, Timestamp deadline) noexcept;
  void cancel(std::uint32_t id) noexcept;

  struct Popped {
    std::uint32_t id = 0;  ///< 0 = none
    Timestamp when;        ///< the end of the deadline's slot: the first moment at which it could be noticed
  };

  /// False where pop() would find nothing and change nothing: the slot of `now` is the one it last came to.
  [[nodiscard]] bool may_pop(Timestamp now) const noexcept { return tick_of(now) > cursor_; }
  /// An id whose deadline lies in a slot before that of `now`, taken out of the wheel. Whether a deadline has
  /// passed, and `when`, depend on the times only, not on when this is called.
  [[nodiscard]] Popped pop(Timestamp now) noexcept;

 private:
  static constexpr unsigned kTickShift = 14;   // 16,384 us
  static constexpr std::int64_t kSlots = 512;  // 8.4 s
  static constexpr std::uint16_t kUnscheduled = 0;

  struct Node {
    std::int64_t tick = 0;
    std::uint32_t previous = 0, next = 0;
    std::uint16_t slot_plus_1 = kUnscheduled;
  };

  [[nodiscard]] static std::int64_t tick_of(Timestamp t) noexcept {
    return std::max<std::int64_t>(0, t.us) >> kTickShift;
  }
  void insert(std::uint32_t id, std::int64_t tick) noexcept;

  LazyArray<Node> nodes_;
  std::array<std::uint32_t, kSlots> first_{};
  std::int64_t cursor_ = 0;  ///< slots before this tick are empty
  std::size_t scheduled_ = 0;
};

}  // namespace mirrorscan::reassembly
