#pragma once
// What a flow says when it is no ordinary one: messages in turn, and where their segments are cut.

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/direction.h"

namespace mirrorscan::traffic {

struct Message {
  Direction direction = Direction::to_server;
  ByteView bytes;
  std::vector<std::uint32_t>
      cuts;  ///< offsets where a new segment must begin, besides those of the size law; ascending
};

struct Conversation {
  std::uint8_t protocol = 6;      ///< 6 or 17; a UDP message is one datagram
  std::uint16_t client_port = 0;  ///< 0 = any
  std::uint16_t server_port = 0;
  std::vector<Message> messages;  ///< at least one
};

/// Which flows carry attacks, and what those say.
class AttackPlan {
 public:
  virtual ~AttackPlan() = default;
  /// The attack of flow `serial`: an index for conversation(), or kNoAttack. The same answer each time.
  [[nodiscard]] virtual std::uint32_t attack_of(std::uint64_t serial) const = 0;
  /// Outlives all plans made from it.
  [[nodiscard]] virtual const Conversation& conversation(std::uint32_t attack,
                                                         std::uint64_t serial) const = 0;
};

}  // namespace mirrorscan::traffic
