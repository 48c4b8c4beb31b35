#pragma once
// What is compared of two copies' payload.

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace mirrorscan::dedup {

/// Bytes of the payload's head that copies truncated at different places are compared by.
inline constexpr std::size_t kPrefix = 64;

/// A keyed number: not known to senders, who must not be able to make two payloads that pass for copies.
struct HashSeed {
  std::uint64_t value = 0xd6e8feb86659fd93ULL;
};

struct Fingerprint {
  std::uint64_t all = 0;       ///< hash of the captured payload
  std::uint64_t prefix = 0;    ///< hash of its first min(kPrefix, captured) bytes
  std::uint32_t captured = 0;  ///< bytes
};

/// The fingerprint of a payload given in pieces; how it is cut does not matter. Four independent lanes of
/// 64-bit multiplications rather than CRC-32C: a CRC of one lane takes 525 cycles for 1,400 bytes, and as a
/// linear code it lets a sender make a second payload with the same value.
class Fingerprinter {
 public:
  explicit Fingerprinter(HashSeed seed = {}) noexcept;
  void add(ByteView piece) noexcept;
  [[nodiscard]] Fingerprint value() const noexcept;

 private:
  using Lanes = std::array<std::uint64_t, 4>;
  using Block = std::array<std::uint8_t, kPrefix>;
  void absorb(const std::uint8_t* block) noexcept;

  std::uint64_t seed_;
  Lanes lanes_{};
  Block block_{};             ///< the bytes after the last whole block
  std::size_t in_block_ = 0;  ///< bytes in block_, below kPrefix
  std::uint32_t captured_ = 0;
  std::uint64_t prefix_ = 0;  ///< valid once a block has been absorbed
};

/// The fingerprint of a payload in one piece.
[[nodiscard]] inline Fingerprint fingerprint(ByteView payload, HashSeed seed = {}) noexcept {
  Fingerprinter f(seed);
  f.add(payload);
  return f.value();
}

}  // namespace mirrorscan::dedup
