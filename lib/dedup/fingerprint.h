#pragma once
// A payload in three numbers: two copies of a packet have the same, however their bytes lie in memory.

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

/// Four independent lanes of 64-bit multiplications rather than CRC-32C: a CRC of one lane takes 525 cycles
/// for 1,400 bytes, and as a linear code it lets a sender make a second payload with the same value.
class FingerprintKey {
 public:
  explicit FingerprintKey(HashSeed seed = {}) noexcept;

  /// The fingerprint of a payload in one piece.
  [[nodiscard]] Fingerprint of(ByteView payload) const noexcept;

 private:
  friend class Fingerprinter;
  using Lanes = std::array<std::uint64_t, 4>;
  using Block = std::array<std::uint8_t, kPrefix>;

  void absorb(Lanes& lanes, const std::uint8_t* block) const noexcept;
  [[nodiscard]] std::uint64_t finish(const Lanes& lanes, std::uint64_t length) const noexcept;

  std::uint64_t seed_;
  Lanes start_;  ///< of every payload
};

/// The fingerprint of a payload given in pieces; how it is cut does not matter.
class Fingerprinter {
 public:
  explicit Fingerprinter(const FingerprintKey& key) noexcept : key_(key), lanes_(key.start_) {}
  void add(ByteView piece) noexcept;
  [[nodiscard]] Fingerprint value() const noexcept;

 private:
  const FingerprintKey& key_;
  FingerprintKey::Lanes lanes_;
  FingerprintKey::Block block_{};  ///< the bytes after the last whole block
  std::size_t in_block_ = 0;       ///< bytes in block_, below kPrefix
  std::uint32_t captured_ = 0;
  std::uint64_t prefix_ = 0;  ///< valid once a block has been absorbed
};

}  // namespace mirrorscan::dedup
