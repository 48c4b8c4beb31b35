#pragma once
// Textual IP addresses in the configuration.

#include <optional>
#include <string>

#include "base/address.h"

namespace mirrorscan::config {

struct Address {
  IpVersion version = IpVersion::none;
  IpAddress ip;
  friend auto operator<=>(const Address&, const Address&) = default;
};

/// "10.0.0.1" or "2001:db8::1" (RFC 4291 section 2.2); nullopt for anything else.
[[nodiscard]] std::optional<Address> parse_address(const std::string& text);

}  // namespace mirrorscan::config
