#pragma once
// What goes into the assembler and what comes out of it.

#include <cstdint>

#include "base/address.h"
#include "base/bytes.h"
#include "base/direction.h"
#include "base/overlap_policy.h"
#include "base/timestamp.h"
#include "packet/meta.h"

namespace mirrorscan::reassembly {

enum class Midstream : std::uint8_t {
  pick_up,  ///< any segment starts its stream
  ignore,   ///< a connection is tracked from its SYN on, or not at all
};

enum class Established : std::uint8_t {
  by_handshake,  ///< both SYNs were acknowledged
  by_payload,    ///< or payload was seen after the SYN
};

enum class SynData : std::uint8_t {
  in_stream,       ///< bytes on a SYN are the stream's first (RFC 9293 3.10.7.4)
  with_fast_open,  ///< only where the SYN has the option of TCP Fast Open (RFC 7413)
};

struct Settings {
  Midstream midstream = Midstream::pick_up;
  SynData syn_data = SynData::in_stream;
  OverlapPolicies overlaps;  ///< of segments that wait, as their receivers resolve them
  Established established = Established::by_payload;
  std::uint64_t depth_bytes = 0;                        ///< per direction; 0 = no limit
  std::uint32_t max_held_bytes = 67'108'864;            ///< all streams of the lcore, in pages of 1,024 bytes
  std::uint32_t max_held_bytes_per_stream = 1'048'576;  ///< likewise
  Duration gap_timeout = Duration::seconds(2);          ///< for a hole that nobody acknowledged
  Duration acked_gap_timeout = Duration::milliseconds(250);  ///< for a hole that the peer acknowledged
};

/// One TCP segment. `stated` > `captured` when the mirrored packet was truncated.
struct Segment {
  Direction direction;
  const packet::Tcp& tcp;
  std::uint32_t captured = 0;  ///< payload bytes that are there
  std::uint32_t stated = 0;    ///< payload bytes by the IP length
  Timestamp time;
  IpVersion version = IpVersion::v4;
};

/// What became of one segment. When tracked, deliver_length + held + retransmitted + out_of_window +
/// beyond_depth
/// + over_budget + late is `captured`, exactly. When untracked those are all 0, and the caller inspects the
/// segment as a packet of its own.
///
/// Order: the deliver part is the stream's next bytes. Then come the chunks of next_chunk(), if any. Bytes
/// that have to come after a chunk are copied (`held`) and become a chunk themselves.
struct Outcome {
  enum class Kind : std::uint8_t { untracked, tracked };
  Kind kind = Kind::untracked;

  bool new_connection = false;
  bool established_now = false;
  bool closed_now = false;       ///< data that the FINs overtook may still come: see Connection::finished
  bool reset = false;            ///< closed by a RST
  bool tuple_reused = false;     ///< another connection on this tuple: see Assembler::segment
  bool midstream = false;        ///< this segment made the connection a midstream one
  bool overlap_differs = false;  ///< other bytes than those held for the same offsets
  bool other_lost = false;       ///< not all of both versions is kept: no room, or a third copy
  bool out_of_order = false;     ///< came before its predecessors
  bool truncated = false;        ///< its missing bytes are a hole of known size

  std::uint32_t deliver_offset = 0;  ///< into the payload
  std::uint32_t deliver_length = 0;
  std::uint64_t stream_offset = 0;  ///< of the deliver part
  std::uint64_t gap_before = 0;     ///< missing bytes just before the deliver part
  std::uint64_t gap_truncated = 0;  ///< of these, bytes that truncated segments lacked (booked there already)

  std::int64_t payload_offset = 0;  ///< stream offset of the payload's first byte; may be before the start

  std::uint32_t held = 0;           ///< copied; they come out as chunks
  std::uint32_t retransmitted = 0;  ///< delivered or held before
  std::uint32_t out_of_window = 0;  ///< too far ahead, beyond the FIN, or before the stream
  std::uint32_t beyond_depth = 0;
  std::uint32_t over_budget = 0;  ///< no page was free
  /// For a hole that had been given up, or on a SYN whose bytes the stream does not have: never delivered;
  /// scan them as a packet.
  std::uint32_t late = 0;
};

/// Bytes that were held and are in order now.
struct Chunk {
  ByteView bytes;  ///< valid until the next call of the assembler; at most 1,024 bytes
  std::uint64_t stream_offset = 0;
  std::uint64_t gap_before = 0;     ///< as in Outcome
  std::uint64_t gap_truncated = 0;  ///< as in Outcome
};

/// A stream with a hole whose time is up.
struct Due {
  std::uint32_t connection_id = 0;
  Direction direction = Direction::to_server;
  Timestamp when;  ///< its time was up then
};

}  // namespace mirrorscan::reassembly
