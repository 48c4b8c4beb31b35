#pragma once
// A large fixed table whose memory is promised at the start and taken page by page as it is first touched.

#include <cstddef>
#include <type_traits>
#include <utility>

namespace mirrorscan {

/// `bytes` of zeroed, private, page-aligned memory without a reservation of swap; huge pages are asked for.
/// Ends the process with a sentence on stderr when the address space refuses: a table that could not be made
/// must fail at the start. Cost: system calls; for constructors only.
[[nodiscard]] void* map_lazily(std::size_t bytes);
void unmap(void* memory, std::size_t bytes) noexcept;

/// `size()` zeroed elements. Elements are not constructed: all zero bits must be a valid T, or the user
/// constructs an element in place before its first use. Nothing is destroyed.
template <class T>
class LazyArray {
 public:
  static_assert(std::is_trivially_destructible_v<T>, "elements are never destroyed");
  static_assert(alignof(T) <= 4096, "memory is aligned to pages");

  LazyArray() = default;
  explicit LazyArray(std::size_t size)
      : data_(size == 0 ? nullptr : static_cast<T*>(map_lazily(size * sizeof(T)))), size_(size) {}
  LazyArray(LazyArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  LazyArray& operator=(LazyArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  LazyArray(const LazyArray&) = delete;
  LazyArray& operator=(const LazyArray&) = delete;
  ~LazyArray() {
    if (data_ != nullptr) unmap(data_, size_ * sizeof(T));
  }

  [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }
  [[nodiscard]] T* data() noexcept { return data_; }
  [[nodiscard]] const T* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace mirrorscan
