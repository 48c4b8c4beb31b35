#pragma once
// A fixed number of records that are taken and given back by index. Internal to this room.

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>

namespace mirrorscan::defrag {

/// "No record", wherever an index is kept.
inline constexpr std::uint32_t kNone = 0xffffffff;

/// Records that were never taken are never touched, so a large pool costs memory only as far as it was ever
/// used.
template <class T>
class Pool {
  static_assert(std::is_trivially_destructible_v<T> && std::is_nothrow_default_constructible_v<T>);

 public:
  explicit Pool(std::uint32_t capacity)
      : capacity_(capacity), slots_(std::make_unique_for_overwrite<Slot[]>(capacity)) {}

  /// A default-initialised record (of plain arrays: with stale content); kNone when all are taken.
  [[nodiscard]] std::uint32_t take() noexcept {
    std::uint32_t index = first_free_;
    if (index != kNone)
      std::memcpy(&first_free_, slots_[index].bytes, sizeof(first_free_));
    else if (untouched_ < capacity_)
      index = untouched_++;
    else
      return kNone;
    ::new (slots_[index].bytes) T;
    ++taken_;
    return index;
  }
  void give(std::uint32_t index) noexcept {
    std::memcpy(slots_[index].bytes, &first_free_, sizeof(first_free_));
    first_free_ = index;
    --taken_;
  }
  [[nodiscard]] T& operator[](std::uint32_t index) noexcept {
    return *std::launder(reinterpret_cast<T*>(slots_[index].bytes));
  }
  [[nodiscard]] std::uint32_t taken() const noexcept { return taken_; }
  [[nodiscard]] std::uint32_t available() const noexcept { return capacity_ - taken_; }

 private:
  struct Slot {
    static_assert(sizeof(T) >= sizeof(std::uint32_t), "a free record holds the index of the next");
    alignas(T) unsigned char bytes[sizeof(T)];
  };
  std::uint32_t capacity_, taken_ = 0, untouched_ = 0, first_free_ = kNone;
  std::unique_ptr<Slot[]> slots_;
};

}  // namespace mirrorscan::defrag
