#pragma once
// A bounded ring between exactly one producer thread and one consumer thread.

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

namespace mirrorscan::ring {

/// All memory is allocated in the constructor. Nobody waits: a full ring is told to the producer, an empty
/// one to the consumer. Each side keeps a copy of the other side's index and reads the shared one only when
/// the copy says full or empty, so that a busy ring does not bounce its cache lines on every element.
template <class T>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<T>, "elements are copied as plain bytes");

 public:
  /// Room for at least `capacity` elements: rounded up to a power of two, at least 1.
  explicit SpscRing(std::size_t capacity)
      : capacity_(std::bit_ceil(std::max<std::size_t>(capacity, 1))),
        slots_(std::make_unique_for_overwrite<T[]>(capacity_)) {}
  SpscRing(const SpscRing&) = delete;
  SpscRing& operator=(const SpscRing&) = delete;

  /// Producer only. False when the ring is full; nothing is stored then.
  [[nodiscard]] bool try_push(const T& element) noexcept {
    const std::size_t tail = producer_.index.load(std::memory_order_relaxed);
    if (tail - producer_.other == capacity_) {
      producer_.other = consumer_.index.load(std::memory_order_acquire);
      if (tail - producer_.other == capacity_) return false;
    }
    slots_[tail & (capacity_ - 1)] = element;
    producer_.index.store(tail + 1, std::memory_order_release);
    return true;
  }

  /// Producer only. Stores the first of `elements`, as many as there is room for, and says how many: one
  /// release for all of them.
  [[nodiscard]] std::size_t push(std::span<const T> elements) noexcept {
    const std::size_t tail = producer_.index.load(std::memory_order_relaxed);
    if (capacity_ - (tail - producer_.other) < elements.size())
      producer_.other = consumer_.index.load(std::memory_order_acquire);
    const std::size_t count = std::min(elements.size(), capacity_ - (tail - producer_.other));
    for (std::size_t i = 0; i < count; ++i) slots_[(tail + i) & (capacity_ - 1)] = elements[i];
    if (count > 0) producer_.index.store(tail + count, std::memory_order_release);
    return count;
  }

  /// Producer only. Elements for which there is room; the consumer can only make it more.
  [[nodiscard]] std::size_t room() noexcept {
    producer_.other = consumer_.index.load(std::memory_order_acquire);
    return capacity_ - (producer_.index.load(std::memory_order_relaxed) - producer_.other);
  }

  /// Consumer only. The oldest element, which stays in the ring; nullptr when there is none.
  [[nodiscard]] const T* front() noexcept {
    const std::size_t head = consumer_.index.load(std::memory_order_relaxed);
    if (consumer_.other == head) consumer_.other = producer_.index.load(std::memory_order_acquire);
    return consumer_.other == head ? nullptr : &slots_[head & (capacity_ - 1)];
  }

  /// Consumer only. False when the ring is empty; `element` is unchanged then.
  [[nodiscard]] bool try_pop(T& element) noexcept { return pop(std::span<T>(&element, 1)) == 1; }

  /// Consumer only. Takes up to out.size() elements, oldest first, and says how many: one release for all of
  /// them.
  [[nodiscard]] std::size_t pop(std::span<T> out) noexcept {
    const std::size_t head = consumer_.index.load(std::memory_order_relaxed);
    if (consumer_.other - head < out.size())
      consumer_.other = producer_.index.load(std::memory_order_acquire);
    const std::size_t count = std::min(out.size(), consumer_.other - head);
    for (std::size_t i = 0; i < count; ++i) out[i] = slots_[(head + i) & (capacity_ - 1)];
    if (count > 0) consumer_.index.store(head + count, std::memory_order_release);
    return count;
  }

  /// Elements in the ring; exact for either side when the other is idle, else a moment old. Any thread.
  [[nodiscard]] std::size_t size() const noexcept {
    const std::size_t head = consumer_.index.load(std::memory_order_acquire);
    const std::size_t tail = producer_.index.load(std::memory_order_acquire);
    return std::min(tail - head, capacity_);
  }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  // 128 and not 64: x86 fetches cache lines in pairs, and some arm64 cores have lines of 128 bytes.
  struct alignas(128) Side {
    std::atomic<std::size_t> index{0};  ///< counts up for ever; slot = index modulo capacity
    std::size_t other = 0;              ///< this side's copy of the other side's index
  };

  const std::size_t capacity_;
  const std::unique_ptr<T[]> slots_;
  Side producer_, consumer_;
};

}  // namespace mirrorscan::ring
