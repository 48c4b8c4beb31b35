#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "dedup/fingerprint.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::dedup;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes random_bytes(std::mt19937& random, std::size_t length) {
  Bytes bytes(length);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

bool equal(const Fingerprint& a, const Fingerprint& b) {
  return a.all == b.all && a.prefix == b.prefix && a.captured == b.captured;
}

}  // namespace

TEST_CASE("a fingerprint does not depend on how the payload is cut into pieces") {
  std::mt19937 random(1);
  for (std::size_t length = 0; length < 400; ++length) {
    const Bytes bytes = random_bytes(random, length);
    const FingerprintKey key;
    Fingerprinter pieces(key);
    for (std::size_t at = 0; at < length;) {
      const std::size_t piece = std::min<std::size_t>(length - at, random() % 150);
      pieces.add(ByteView(bytes).subspan(at, piece));
      at += piece;
    }
    REQUIRE(equal(pieces.value(), FingerprintKey().of(bytes)));
  }
}

TEST_CASE("each bit of the payload counts") {
  std::mt19937 random(2);
  Bytes bytes = random_bytes(random, 200);
  std::set<std::uint64_t> hashes{FingerprintKey().of(bytes).all};
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    hashes.insert(FingerprintKey().of(bytes).all);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
  }
  CHECK(hashes.size() == bytes.size() * 8 + 1);
}

TEST_CASE("zeros at the end count") {
  std::set<std::uint64_t> hashes;
  for (std::size_t length = 0; length <= 200; ++length) hashes.insert(FingerprintKey().of(Bytes(length)).all);
  CHECK(hashes.size() == 201);
}

TEST_CASE("the prefix is that of the first 64 bytes, whatever comes after them") {
  std::mt19937 random(3);
  const Bytes bytes = random_bytes(random, 300);
  const std::uint64_t head = FingerprintKey().of(ByteView(bytes).first(64)).all;
  for (const std::size_t length : {64, 65, 127, 128, 300})
    CHECK(FingerprintKey().of(ByteView(bytes).first(length)).prefix == head);
  CHECK(FingerprintKey().of(ByteView(bytes).first(63)).prefix != head);
}

TEST_CASE("a payload shorter than the prefix is its own prefix") {
  const Bytes bytes(63, 7);
  CHECK(FingerprintKey().of(bytes).prefix == FingerprintKey().of(bytes).all);
}

TEST_CASE("another seed gives another fingerprint") {
  const Bytes bytes(100, 1);
  CHECK(FingerprintKey({1}).of(bytes).all != FingerprintKey({2}).of(bytes).all);
  CHECK(FingerprintKey({1}).of(bytes).prefix != FingerprintKey({2}).of(bytes).prefix);
}
