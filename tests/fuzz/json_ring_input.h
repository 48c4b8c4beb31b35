#pragma once
// Input for the fuzz target of the JSON ring: a small ring file in few bytes, and the seeds' way to write it.
//
//   byte 0         how to read it: see the masks
//   8 bytes each   `oldest`, `tail`, `first_sequence`, the number to begin at
//   the rest       data, zeros up to 4,096 bytes; or, with kRaw, the whole file

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "ring/json_ring_layout.h"
#include "ring/json_ring_map.h"

namespace mirrorscan::fuzz {

inline constexpr std::uint8_t kStartMask = 3;      ///< ring::Start::At
inline constexpr std::uint8_t kTrueChecksums = 4;  ///< the checksums that can be reached are put right
inline constexpr std::uint8_t kRaw = 8;

struct JsonRingInput {
  std::uint8_t how = 0;
  std::array<std::uint64_t, 4> numbers{};
  std::vector<std::uint8_t> rest;

  explicit JsonRingInput(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 1 + sizeof(numbers)) return;
    how = bytes[0];
    std::memcpy(numbers.data(), bytes.data() + 1, sizeof(numbers));
    rest.assign(bytes.begin() + 1 + sizeof(numbers), bytes.end());
  }

  /// The bytes of the ring file.
  [[nodiscard]] std::string file() const {
    if ((how & kRaw) != 0) return {rest.begin(), rest.end()};
    std::string out(ring::kDataOffset + ring::kMinDataBytes, '\0');
    const auto put = [&out](std::size_t offset, std::uint64_t value) {
      std::memcpy(out.data() + offset, &value, sizeof(value));
    };
    put(offsetof(ring::JsonRingHeader, magic), ring::kRingMagic);
    put(offsetof(ring::JsonRingHeader, header_bytes), ring::kDataOffset);
    put(offsetof(ring::JsonRingHeader, data_bytes), ring::kMinDataBytes);
    put(offsetof(ring::JsonRingHeader, oldest), numbers[0]);
    put(offsetof(ring::JsonRingHeader, tail), numbers[1]);
    put(offsetof(ring::JsonRingHeader, first_sequence), numbers[2]);
    std::copy_n(rest.begin(), std::min(rest.size(), std::size_t{ring::kMinDataBytes}),
                out.begin() + ring::kDataOffset);
    if ((how & kTrueChecksums) != 0) put_checksums_right(out.data() + ring::kDataOffset);
    return out;
  }

 private:
  void put_checksums_right(char* data) const {
    const auto at = [data](std::uint64_t position) { return data + position % ring::kMinDataBytes; };
    for (std::uint64_t p = numbers[0] / 8 * 8, end = p + ring::kMinDataBytes; p < end;) {
      std::string record(sizeof(ring::RecordHead), '\0');
      for (std::size_t i = 0; i < record.size(); ++i) record[i] = *at(p + i);
      ring::RecordHead head;
      std::memcpy(&head, record.data(), sizeof(head));
      if (head.length > ring::kMinDataBytes) return;
      std::string payload(head.length, '\0');
      for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = *at(p + sizeof(head) + i);
      head.crc = ring::record_crc(head, payload);
      for (std::size_t i = 0; i < 4; ++i) *at(p + 20 + i) = static_cast<char>(head.crc >> (8 * i));
      p += ring::record_bytes(head.length);
    }
  }
};

}  // namespace mirrorscan::fuzz
