#pragma once
// Which flows a rule speaks of: protocol, ports, addresses, direction.

#include <cstdint>
#include <optional>

#include "base/direction.h"
#include "signature/rule.h"
#include "traffic/plan.h"

namespace mirrorscan::truth {

inline constexpr std::uint8_t kTcp = 6, kUdp = 17;  ///< IANA protocol numbers

/// Whether header and flow direction of the rule accept what goes in `direction` between these ends.
[[nodiscard]] bool accepts(const signature::Rule& rule, const traffic::Endpoints& ends, Direction direction);

/// The same of ordinary flows, of which the server's port is known and nothing else.
[[nodiscard]] bool may_accept(const signature::Rule& rule, std::uint8_t protocol, std::uint16_t server_port,
                              Direction direction);

/// What a flow has to look like for the rule.
struct Scene {
  std::uint8_t protocol = kTcp;
  Direction direction = Direction::to_server;  ///< of the attack
  std::uint16_t client_port = 0;               ///< 0 = any
  std::uint16_t server_port = 0;
  bool in_one_piece = false;  ///< the rule looks at single packets
};

/// A scene that the rule accepts, in which the client's port is above the server's: where the first packets
/// of a flow were lost, nothing else says who is the client. `draw` decides among equals. nullopt: no such
/// protocol, direction or ports.
[[nodiscard]] std::optional<Scene> scene_of(const signature::Rule& rule, std::uint64_t draw);

/// Whether the rule accepts all addresses of 10.0.0.0/8, which generated IPv4 flows have.
[[nodiscard]] bool accepts_ten(const signature::Rule& rule);

}  // namespace mirrorscan::truth
