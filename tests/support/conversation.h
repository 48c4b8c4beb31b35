#pragma once
// One TCP connection as its two streams of bytes, and the many ways in which a network may cut it into
// packets.

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/direction.h"
#include "support/packet_builder.h"
#include "support/wire_bytes.h"

namespace mirrorscan::support {

using Random = std::mt19937_64;

/// From 0 to n - 1.
[[nodiscard]] inline std::size_t pick(Random& random, std::size_t n) {
  return static_cast<std::size_t>(random() % n);
}

enum class Ending : std::uint8_t { none, fin };

struct Conversation {
  /// Bytes [begin, end) of one direction, said before the next turn begins.
  struct Turn {
    Direction direction;
    std::size_t begin, end;
  };
  std::array<std::string, kDirections> streams;
  std::vector<Turn> turns;  ///< together all bytes of both streams, in order
  std::array<std::uint32_t, kDirections> first_seq{1'000, 9'000};  ///< the SYN's
  Ending ending = Ending::fin;
  std::string client = "10.0.0.1", server = "10.0.0.2";
  std::uint16_t client_port = 40'000, server_port = 80;
};

enum class Freedom : std::uint8_t {
  data,             ///< the handshake comes first, the FINs and their acknowledgements last
  data_and_ending,  ///< FINs and acknowledgements are reordered with the data
};

/// How to cut. The defaults are the plain cut: full segments in order.
struct Cut {
  std::size_t least = 1'460, most = 1'460;  ///< payload bytes of a segment
  unsigned retransmitted_pct = 0;           ///< of the segments are sent again as they were
  unsigned overlapping_pct = 0;             ///< are followed by one with other boundaries
  std::size_t reorder = 0;                  ///< a packet moves at most so many places
  Freedom freedom = Freedom::data;
  std::size_t syn_data = 0;  ///< bytes of the client's first turn on its SYN (RFC 7413)
  bool fin_with_data = false;
  [[nodiscard]] std::string text() const;
};

/// Turns of random lengths over both streams.
void take_turns(Conversation& talk, Random& random);

/// The inner frames in the order in which they arrive.
[[nodiscard]] std::vector<Bytes> frames_of(const Conversation& talk, const Cut& cut, Random& random);

}  // namespace mirrorscan::support
