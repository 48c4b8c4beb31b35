#pragma once
// The two versions that a span of a stream has after an overlap with different bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/lazy_array.h"
#include "reassembly/payload_reader.h"

namespace mirrorscan::reassembly {

/// Room for one segment's bytes, twice: those that lead, and those in which every overlap ended the other
/// way.
class Versions {
 public:
  /// Both are the segment's `length` bytes; `payload` is read by its copy.
  void begin(PayloadReader payload, std::size_t length) noexcept {
    payload.copy(leading_.data(), length);
    std::copy_n(leading_.data(), length, other_.data());
  }
  /// At [at, at + length) the bytes that were held stay, and the segment's are the other version.
  void earlier_leads(std::size_t at, const std::uint8_t* held, std::size_t length) noexcept {
    std::copy_n(held, length, &leading_[at]);
  }
  /// There the segment's bytes lead, and those that were held are the other version.
  void later_leads(std::size_t at, const std::uint8_t* held, std::size_t length) noexcept {
    std::copy_n(held, length, &other_[at]);
  }

  [[nodiscard]] const std::uint8_t* leading() const noexcept { return leading_.data(); }
  [[nodiscard]] const std::uint8_t* other() const noexcept { return other_.data(); }

 private:
  static constexpr std::size_t kLongest = 65'536;  ///< an IP packet's length is 16 bits

  LazyArray<std::uint8_t> leading_{kLongest};
  LazyArray<std::uint8_t> other_{kLongest};
};

}  // namespace mirrorscan::reassembly
