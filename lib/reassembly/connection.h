#pragma once
// What reassembly remembers of one TCP connection: a plain value that lives in its flow's record.

#include <array>
#include <cstdint>
#include <type_traits>

#include "base/direction.h"
#include "packet/meta.h"

namespace mirrorscan::reassembly {

enum class TcpState : std::uint8_t { none = 0, syn_sent, syn_received, established, closing, closed };

/// One direction's stream. Offsets are 64-bit and count from the byte after the SYN, or, for a stream that
/// was picked up midstream, from the first byte seen.
struct StreamState {
  enum Flag : std::uint8_t {
    kStarted = 1,       ///< base_seq is known
    kSyn = 2,           ///< the SYN itself was seen, so window_scale is what it said
    kSynAcked = 4,      ///< the peer acknowledged the SYN
    kFin = 8,           ///< `fin` is the stream's end
    kAckSeen = 16,      ///< the peer acknowledged something: `acked` counts
    kWindowKnown = 32,  ///< `right_edge` counts
  };

  std::uint64_t next = 0;   ///< offset of the next byte in order
  std::uint64_t acked = 0;  ///< highest offset acknowledged by the peer (one more than `fin` for the FIN)
  std::uint64_t right_edge = 0;  ///< highest acknowledgement + 2 * window that the peer announced
  std::uint64_t fin = 0;
  std::uint64_t late_begin = 0;     ///< the hole given up last: bytes that come for it now are late
  std::uint64_t gap_lost = 0;       ///< bytes given up since the last delivered byte
  std::uint64_t gap_truncated = 0;  ///< bytes that truncated segments lacked since the last delivered byte
  std::uint32_t late_length = 0;
  std::uint32_t base_seq = 0;    ///< sequence number of offset 0
  std::uint32_t held = 0;        ///< what the assembler holds for this stream; 0 = nothing
  std::uint32_t other = 0;       ///< copies with other bytes than those held; 0 = none
  std::uint32_t stray_next = 0;  ///< sequence number after the last segment beyond the window
  std::uint32_t furthest = 0;    ///< low bits of the offset after the last byte seen, in order or not
  std::uint8_t strays = 0;       ///< how many of those continued each other
  std::uint8_t window_scale = packet::Tcp::kNoWindowScale;
  std::uint8_t flags = 0;

  [[nodiscard]] bool is(Flag f) const noexcept { return (flags & f) != 0; }
  void set(Flag f) noexcept { flags = static_cast<std::uint8_t>(flags | f); }
  void clear(Flag f) noexcept { flags = static_cast<std::uint8_t>(flags & ~f); }
};

/// A value-initialised Connection is one of which nothing was seen. Copying moves it; the assembler knows it
/// by the connection_id it is given, never by its address.
struct Connection {
  TcpState state = TcpState::none;
  Direction opener = Direction::to_server;  ///< direction of the first SYN
  bool midstream = false;                   ///< picked up without its first SYN
  bool rival_syn = false;                   ///< a SYN of another connection came: rival_seq, rival_direction
  bool announced = false;                   ///< new_connection was reported
  Direction rival_direction = Direction::to_server;
  std::uint8_t rival_scale = packet::Tcp::kNoWindowScale;
  std::uint32_t rival_seq = 0;
  std::array<StreamState, kDirections> streams{};

  [[nodiscard]] StreamState& stream(Direction d) noexcept { return streams[index_of(d)]; }
  [[nodiscard]] const StreamState& stream(Direction d) const noexcept { return streams[index_of(d)]; }

  /// Closed, and nothing of this direction that was sent before the close is missing or held: no byte can
  /// follow.
  [[nodiscard]] bool finished(Direction d) const noexcept {
    const StreamState& s = stream(d);
    return state == TcpState::closed && s.held == 0 && s.is(StreamState::kFin) && s.next >= s.fin;
  }
};

static_assert(std::is_trivially_copyable_v<Connection>);
static_assert(sizeof(Connection) <= 192, "three cache lines of the flow record");

/// What the flow that follows a reused tuple begins with: the SYN that announced it, where that came before
/// the segment which proved it; else nothing.
[[nodiscard]] Connection successor_of(const Connection& ended) noexcept;

}  // namespace mirrorscan::reassembly
