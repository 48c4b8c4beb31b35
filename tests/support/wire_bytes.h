#pragma once
// Bytes as they are put on the wire, for the builders of test packets. Slow and plain on purpose.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"

namespace mirrorscan::support {

using Bytes = std::vector<std::uint8_t>;

/// "10.0.0.1" or "2001:db8::1".
[[nodiscard]] IpAddress address(std::string_view text);
/// `size` bytes of which each is told by its position, for payload that must arrive unharmed.
[[nodiscard]] Bytes pattern(std::size_t size);

// Big-endian numbers at the end of `to`; bits above the size are dropped.
void add8(Bytes& to, std::uint64_t value);
void add16(Bytes& to, std::uint64_t value);
void add32(Bytes& to, std::uint64_t value);
void add64(Bytes& to, std::uint64_t value);
void append(Bytes& to, ByteView bytes);
// Big-endian numbers over what stands at `offset`.
void put16(Bytes& bytes, std::size_t offset, std::uint16_t value);
void put32(Bytes& bytes, std::size_t offset, std::uint32_t value);

/// The Internet checksum (RFC 1071).
[[nodiscard]] std::uint16_t internet_checksum(ByteView bytes);
/// CRC-32C in the byte order SCTP sends it (RFC 9260 appendix A).
[[nodiscard]] std::uint32_t crc32c(ByteView bytes);

}  // namespace mirrorscan::support
