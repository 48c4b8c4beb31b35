#pragma once
// Who sends to whom, as rule headers and `flow` see it: one packet, or the direction of a stream.

#include <cstdint>

#include "base/address.h"
#include "base/direction.h"
#include "signature/rule.h"

namespace mirrorscan::alert {

struct Subject {
  IpVersion version = IpVersion::none;
  std::uint8_t protocol = 0;
  Direction direction = Direction::to_server;
  bool established = false;
  bool reassembled = false;  ///< made of IP fragments
  bool in_flow = true;       ///< else as if to the server, and conditions on the flow's state do not hold
  bool ports = true;         ///< else only rules for any port match
  std::uint16_t src_port = 0, dst_port = 0;
  IpAddress src, dst;
};

/// What the bytes under inspection are.
enum class Matched : std::uint8_t { packet, stream };

/// Header, `flow` and scope of the rule against the subject.
[[nodiscard]] bool applies(const signature::Rule& rule, const Subject& subject, Matched matched) noexcept;

/// The rule wants an established connection, and this one is none yet: data on a SYN (RFC 7413).
[[nodiscard]] bool lacks_establishment(const signature::Rule& rule, const Subject& subject) noexcept;

}  // namespace mirrorscan::alert
