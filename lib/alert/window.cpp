#include "alert/window.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace mirrorscan::alert {

WindowPool::WindowPool(std::size_t budget_bytes) : budget_(budget_bytes) {
  for (std::size_t c = 0; c < kClasses; ++c) {
    void* memory = mmap(nullptr, std::max<std::size_t>(budget_, 1), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
      continue;  // no address space: this class has no blocks, which is counted as its budget
    classes_[c].memory = static_cast<std::uint8_t*>(memory);
    classes_[c].blocks = static_cast<std::uint32_t>(budget_ / (kSmallest << c));
  }
}

WindowPool::~WindowPool() {
  for (SizeClass& c : classes_)
    if (c.memory != nullptr) munmap(c.memory, std::max<std::size_t>(budget_, 1));
}

Window WindowPool::take(std::uint32_t bytes) noexcept {
  if (bytes > kLargest) return {};
  const std::uint32_t rounded = std::bit_ceil(std::max(bytes, kSmallest));
  const auto c = static_cast<std::uint8_t>(std::countr_zero(rounded) - std::countr_zero(kSmallest));
  if (used_ + rounded > budget_) return {};
  SizeClass& pool = classes_[c];
  Window window{0, c};
  if (pool.free != 0) {
    window.block = pool.free - 1;
    std::memcpy(&pool.free, block_of(window), sizeof pool.free);
  } else if (pool.never_used < pool.blocks) {
    window.block = pool.never_used++;
  } else {
    return {};
  }
  used_ += rounded;
  return window;
}

void WindowPool::give_back(Window& window) noexcept {
  if (!window.there()) return;
  SizeClass& pool = classes_[window.size_class];
  std::memcpy(block_of(window), &pool.free, sizeof pool.free);
  pool.free = window.block + 1;
  used_ -= capacity(window);
  window = Window{};
}

std::uint8_t* WindowPool::block_of(const Window& w) const noexcept {
  return classes_[w.size_class].memory + static_cast<std::size_t>(w.block) * capacity(w);
}

void WindowPool::store(const Window& window, std::uint64_t offset, ByteView bytes) noexcept {
  const std::uint32_t size = capacity(window);
  if (size == 0 || bytes.empty()) return;
  if (bytes.size() > size) {
    offset += bytes.size() - size;
    bytes = bytes.last(size);
  }
  std::uint8_t* block = block_of(window);
  const auto at = static_cast<std::size_t>(offset % size);
  const std::size_t first = std::min(bytes.size(), size - at);
  std::memcpy(block + at, bytes.data(), first);
  std::memcpy(block, bytes.data() + first, bytes.size() - first);
}

void WindowPool::copy(const Window& window, std::uint64_t from, std::uint64_t to,
                      std::uint8_t* out) const noexcept {
  const std::uint32_t size = capacity(window);
  const auto length = static_cast<std::size_t>(to - from);
  if (length == 0 || length > size) return;
  const std::uint8_t* block = block_of(window);
  const auto at = static_cast<std::size_t>(from % size);
  const std::size_t first = std::min(length, size - at);
  std::memcpy(out, block + at, first);
  std::memcpy(out + first, block, length - first);
}

}  // namespace mirrorscan::alert
