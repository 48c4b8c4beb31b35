#pragma once
// How values are spread, in fixed memory: a log-linear histogram, for latencies and other quantities of which
// the tail matters.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace mirrorscan {

/// Values below 64 are kept exactly; above, each power of two is cut into 32 buckets of equal width, so that
/// what value_at() says is at most 1/32 (3.1 %) above the true value. 15 KiB. One writer.
class Histogram {
 public:
  void record(std::uint64_t value, std::uint64_t times = 1) noexcept {
    if (times == 0) return;
    buckets_[bucket_of(value)] += times;
    count_ += times;
    sum_ += static_cast<double>(value) * static_cast<double>(times);
    least_ = std::min(least_, value);
    most_ = std::max(most_, value);
  }

  void add(const Histogram& other) noexcept {
    for (std::size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    least_ = std::min(least_, other.least_);
    most_ = std::max(most_, other.most_);
  }

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t least() const noexcept { return count_ == 0 ? 0 : least_; }
  [[nodiscard]] std::uint64_t most() const noexcept { return most_; }
  [[nodiscard]] double mean() const noexcept { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }

  /// The value that `share` (0 to 1) of all values do not exceed; 0 when there are none. Rounded up to its
  /// bucket's end, but never above most().
  [[nodiscard]] std::uint64_t value_at(double share) const noexcept {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
      seen += buckets_[i];
      if (seen > 0 && seen >= wanted) return std::min(end_of(i), most_);
    }
    return most_;
  }

 private:
  static constexpr unsigned kBits = 5;  ///< 32 buckets a power of two
  static constexpr std::uint64_t kHalf = std::uint64_t{1} << kBits;
  static constexpr std::size_t kBuckets = (64 - kBits + 1) * kHalf;

  /// Values of 2^(kBits + 1) and more lose their lowest bits until kBits + 1 are left.
  [[nodiscard]] static constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
    if (value < 2 * kHalf) return static_cast<std::size_t>(value);
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - kBits - 1;
    return static_cast<std::size_t>(shift * kHalf + (value >> shift));
  }

  /// The largest value of a bucket.
  [[nodiscard]] static constexpr std::uint64_t end_of(std::size_t bucket) noexcept {
    if (bucket < 2 * kHalf) return bucket;
    const unsigned shift = static_cast<unsigned>(bucket / kHalf) - 1;
    return ((bucket - shift * kHalf + 1) << shift) - 1;
  }

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  double sum_ = 0;
  std::uint64_t least_ = ~std::uint64_t{0}, most_ = 0;
};

}  // namespace mirrorscan
