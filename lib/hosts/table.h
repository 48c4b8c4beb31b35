#pragma once
// The budgeted table behind all state of hosts: open addressing, expiry by packet time, eviction.

#include <cstdint>

#include "base/lazy_array.h"
#include "base/timestamp.h"
#include "hosts/key.h"

namespace mirrorscan::hosts {

/// What is remembered under a key.
struct State {
  Timestamp start;              ///< of a window
  Timestamp expires;            ///< the last moment at which it counts
  std::int64_t over_since = 0;  ///< rate_filter: second since which the rate is over; 0 = it is not
  std::uint32_t count = 0;
};

/// A state whose time is over is as if it were not there, whenever its memory is taken back. At the budget a
/// state is evicted that was not asked for lately, if there is one among the next few. All memory is promised
/// by the constructor; nothing allocates afterwards. Time must not go backwards. Cost: a few cache lines a
/// call.
class Table {
 public:
  /// `budget` states, at least 1; `seed` keeps the places unpredictable.
  Table(std::uint32_t budget, std::uint64_t seed);

  /// nullptr when there is none, or its time is over. Valid until the next insert() or erase().
  [[nodiscard]] State* find(const Key& key, Timestamp now) noexcept;
  /// A new state for a key that find() did not find.
  [[nodiscard]] State& insert(const Key& key, Timestamp now) noexcept;
  void erase(const Key& key) noexcept;

  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  /// States that were taken for a new one before their time was over.
  [[nodiscard]] std::uint64_t evicted() const noexcept { return evicted_; }
  /// States that were passed by in search of one to evict.
  [[nodiscard]] std::uint64_t spared() const noexcept { return spared_; }

 private:
  struct Slot {
    Key key;
    State state;
    std::uint32_t used = 0;   ///< 1 = a state lives here
    std::uint32_t asked = 0;  ///< 1 = since the hand came by
  };
  static constexpr std::uint32_t kNone = 0xffffffff;

  [[nodiscard]] std::uint32_t home(const Key& key) const noexcept {
    return static_cast<std::uint32_t>(hash(key, seed_)) & mask_;
  }
  [[nodiscard]] std::uint32_t place_of(const Key& key) const noexcept;
  void remove(std::uint32_t place) noexcept;
  void sweep(Timestamp now) noexcept;
  void evict() noexcept;

  std::uint64_t seed_;
  std::uint32_t budget_;
  std::uint32_t mask_;
  LazyArray<Slot> slots_;
  std::uint32_t size_ = 0;
  std::uint32_t hand_ = 0;
  std::uint64_t evicted_ = 0, spared_ = 0;
};

}  // namespace mirrorscan::hosts
