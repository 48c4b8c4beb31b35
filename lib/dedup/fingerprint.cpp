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

}  // namespace

FingerprintKey::FingerprintKey(HashSeed seed) noexcept : seed_(seed.value) {
  for (std::size_t i = 0; i < start_.size(); ++i) start_[i] = mix(seed_, i + 1);
}

void FingerprintKey::absorb(Lanes& lanes, const std::uint8_t* block) const noexcept {
  for (std::size_t i = 0; i < lanes.size(); ++i)
    lanes[i] = mix(lanes[i] ^ word(block + 16 * i), std::rotl(seed_, 7) ^ word(block + 16 * i + 8));
}

/// Lanes and length to one number. The length keeps a payload apart from one with zeros after it.
std::uint64_t FingerprintKey::finish(const Lanes& lanes, std::uint64_t length) const noexcept {
  const std::uint64_t left = mix(lanes[0], std::rotl(lanes[1], 17));
  const std::uint64_t right = mix(lanes[2], std::rotl(lanes[3], 17));
  return mix(mix(left, std::rotl(right, 31)), length ^ seed_);
}

Fingerprint FingerprintKey::of(ByteView payload) const noexcept {
  Lanes lanes = start_;
  std::uint64_t prefix = 0;
  std::size_t at = 0;
  for (; payload.size() - at >= kPrefix; at += kPrefix) {
    absorb(lanes, payload.data() + at);
    if (at == 0) prefix = finish(lanes, kPrefix);
  }
  if (at < payload.size()) {
    Block last{};
    std::memcpy(last.data(), payload.data() + at, payload.size() - at);
    absorb(lanes, last.data());
  }
  const std::uint64_t all = finish(lanes, payload.size());
  return {all, payload.size() < kPrefix ? all : prefix, static_cast<std::uint32_t>(payload.size())};
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
    key_.absorb(lanes_, block);
    if (captured_ == kPrefix) prefix_ = key_.finish(lanes_, kPrefix);
  }
}

Fingerprint Fingerprinter::value() const noexcept {
  FingerprintKey::Lanes lanes = lanes_;
  if (in_block_ != 0) {
    FingerprintKey::Block last{};
    std::memcpy(last.data(), block_.data(), in_block_);
    key_.absorb(lanes, last.data());
  }
  const std::uint64_t all = key_.finish(lanes, captured_);
  return {all, captured_ < kPrefix ? all : prefix_, captured_};
}

}  // namespace mirrorscan::dedup
