#pragma once
// Numbers by seed: the same on every machine.

#include <cstdint>
#include <string_view>

#include "base/mix.h"

namespace mirrorscan::traffic {

/// A sequence of even numbers. Not for secrets. Draw one number a statement: in which order the arguments of
/// a call are evaluated is the compiler's choice.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

  [[nodiscard]] std::uint64_t next() noexcept {
    state_ += 0x9e37'79b9'7f4a'7c15;
    return mix(state_, state_ >> 32);
  }
  /// 0 to most - 1; `most` is above 0.
  [[nodiscard]] std::uint32_t below(std::uint32_t most) noexcept {
    return static_cast<std::uint32_t>((next() >> 32) * most >> 32);
  }
  [[nodiscard]] std::uint32_t between(std::uint32_t least, std::uint32_t most) noexcept {
    return least + below(most - least + 1);
  }
  template <std::size_t N>
  [[nodiscard]] std::string_view one_of(const std::string_view (&words)[N]) noexcept {
    return words[below(N)];
  }

 private:
  std::uint64_t state_;
};

}  // namespace mirrorscan::traffic
