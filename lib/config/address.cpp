#include "config/address.h"

#include <arpa/inet.h>

#include <array>

namespace mirrorscan::config {

std::optional<Address> parse_address(const std::string& text) {
  // inet_pton stops at a NUL; a string that goes on after one is no address.
  if (text.find('\0') != std::string::npos) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
    return Address{IpVersion::v4, IpAddress::from(bytes.data(), 4)};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1)
    return Address{IpVersion::v6, IpAddress::from(bytes.data(), 16)};
  return std::nullopt;
}

}  // namespace mirrorscan::config
