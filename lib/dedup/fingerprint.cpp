#include "dedup/fingerprint.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/mix.h"

namespace mirrorscan::dedup {

namespace {

std::uint64_t word(const std::uint8_t* bytes) noexcept {
  std::uint64_t value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

/// Lanes and length to one number. The length keeps a payload apart from one with zeros after it.
std::uint64_t finish(const std::array<std::uint64_t, 4>& lanes, std::uint64_t length,
                     std::uint64_t seed) noexcept {
  const std::uint64_t left = mix(lanes[0], std::rotl(lanes[1], 17));
  const std::uint64_t right = mix(lanes[2], std::rotl(lanes[3], 17));
  return mix(mix(left, std::rotl(right, 31)), length ^ seed);
}

}  // namespace

Fingerprinter::Fingerprinter(HashSeed seed) noexcept : seed_(seed.value) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i] = mix(seed_, i + 1);
}

void Fingerprinter::absorb(const std::uint8_t* block) noexcept {
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    lanes_[i] = mix(lanes_[i] ^ word(block + 16 * i), std::rotl(seed_, 7) ^ word(block + 16 * i + 8));
}

void Fingerprinter::add(ByteView piece) noexcept {
  while (!piece.empty()) {
    const std::size_t taken = std::min(piece.size(), kPrefix - in_block_);
    const std::uint8_t* block = piece.data();
    if (taken < kPrefix) {
      std::memcpy(block_.data() + in_block_, piece.data(), taken);
      block = block_.data();
    }
    piece = piece.subspan(taken);
    captured_ += static_cast<std::uint32_t>(taken);
    in_block_ = (in_block_ + taken) % kPrefix;
    if (in_block_ != 0) return;
    absorb(block);
    if (captured_ == kPrefix) prefix_ = finish(lanes_, kPrefix, seed_);
  }
}

Fingerprint Fingerprinter::value() const noexcept {
  Fingerprinter whole = *this;
  if (in_block_ != 0) {
    std::memset(whole.block_.data() + in_block_, 0, kPrefix - in_block_);
    whole.absorb(whole.block_.data());
  }
  const std::uint64_t all = finish(whole.lanes_, captured_, seed_);
  return {all, captured_ < kPrefix ? all : prefix_, captured_};
}

}  // namespace mirrorscan::dedup
