#pragma once
// A fixed array in anonymous memory: zero, and not there until touched, so that a large budget costs nothing
// until it is used.

#include <sys/mman.h>

#include <cstddef>
#include <type_traits>

namespace mirrorscan::reassembly {

template <class T>
class MappedArray {
  static_assert(std::is_trivially_copyable_v<T>, "all-zero bytes must be a value");

 public:
  /// size() is 0 where the memory cannot be had.
  explicit MappedArray(std::size_t size) noexcept {
    void* memory = ::mmap(nullptr, size * sizeof(T), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    items_ = static_cast<T*>(memory);
    size_ = size;
  }
  ~MappedArray() {
    if (items_ != nullptr) ::munmap(items_, size_ * sizeof(T));
  }
  MappedArray(const MappedArray&) = delete;
  MappedArray& operator=(const MappedArray&) = delete;

  [[nodiscard]] T& operator[](std::size_t i) noexcept { return items_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return items_[i]; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  T* items_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace mirrorscan::reassembly
