#pragma once
// Hands out the numbers 1 to capacity; the number freed last comes first, untouched ones come last.

#include <cstddef>
#include <cstdint>

#include "base/lazy_array.h"

namespace mirrorscan::reassembly {

class IdStack {
 public:
  explicit IdStack(std::size_t capacity) : freed_(capacity) {}

  /// 0 when all are taken.
  [[nodiscard]] std::uint32_t take() noexcept {
    if (freed_count_ > 0) return freed_[--freed_count_];
    if (fresh_ == freed_.size()) return 0;
    return static_cast<std::uint32_t>(++fresh_);
  }
  void give_back(std::uint32_t id) noexcept { freed_[freed_count_++] = id; }
  [[nodiscard]] std::uint32_t taken() const noexcept {
    return static_cast<std::uint32_t>(fresh_ - freed_count_);
  }

 private:
  LazyArray<std::uint32_t> freed_;
  std::size_t freed_count_ = 0;
  std::size_t fresh_ = 0;
};

}  // namespace mirrorscan::reassembly
