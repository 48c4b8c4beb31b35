#include "support/wire_bytes.h"

#include <arpa/inet.h>

#include <stdexcept>
#include <string>

namespace mirrorscan::support {

IpAddress address(std::string_view text) {
  IpAddress out;
  const int family = text.find(':') == std::string_view::npos ? AF_INET : AF_INET6;
  if (inet_pton(family, std::string(text).c_str(), out.bytes.data()) != 1)
    throw std::invalid_argument("not an address: " + std::string(text));
  return out;
}

Bytes pattern(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  return out;
}

void add8(Bytes& to, std::uint64_t value) {
  to.push_back(static_cast<std::uint8_t>(value));
}
void add16(Bytes& to, std::uint64_t value) {
  add8(to, value >> 8);
  add8(to, value);
}
void add32(Bytes& to, std::uint64_t value) {
  add16(to, value >> 16);
  add16(to, value);
}
void add64(Bytes& to, std::uint64_t value) {
  add32(to, value >> 32);
  add32(to, value);
}

void append(Bytes& to, ByteView bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

void put16(Bytes& bytes, std::size_t offset, std::uint16_t value) {
  bytes.at(offset) = static_cast<std::uint8_t>(value >> 8);
  bytes.at(offset + 1) = static_cast<std::uint8_t>(value);
}
void put32(Bytes& bytes, std::size_t offset, std::uint32_t value) {
  put16(bytes, offset, static_cast<std::uint16_t>(value >> 16));
  put16(bytes, offset + 2, static_cast<std::uint16_t>(value));
}

std::uint16_t internet_checksum(ByteView bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256u : bytes[i];
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::uint32_t crc32c(ByteView bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc % 2 == 1 ? 0x82f63b78u : 0);
  }
  return __builtin_bswap32(~crc);
}

}  // namespace mirrorscan::support
