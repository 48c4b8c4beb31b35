#pragma once
// What is kept of an unfinished datagram. Its bytes lie at their place in chunks, so that arrival order,
// fragment size and overlaps cost the same: no list is searched, and 8,192 fragments of 8 bytes are as cheap
// as 45 of 1,480.

#include <array>
#include <cstdint>

#include "base/timestamp.h"
#include "defrag/fragment.h"
#include "defrag/overlap.h"
#include "defrag/pool.h"
#include "ledger/packet_end.h"
#include "packet/meta.h"

namespace mirrorscan::defrag {

inline constexpr std::uint32_t kUnit = 8;  ///< fragment offsets count in units of 8 bytes (RFC 791, RFC 8200)
inline constexpr std::uint32_t kUnitsInChunk = 128;
inline constexpr std::uint32_t kChunkBytes = kUnit * kUnitsInChunk;
inline constexpr std::uint32_t kChunksInDatagram = (kMaxIpLength + kChunkBytes - 1) / kChunkBytes;
inline constexpr std::uint32_t kFragmentsInDatagram = (kMaxIpLength + kUnit - 1) / kUnit;

struct Chunk {
  std::array<std::uint32_t, kUnitsInChunk>
      owner;  ///< the fragment that brought the unit; kNone = not there yet
  std::array<std::uint8_t, kChunkBytes> bytes;
};

/// A fragment that was booked as held.
struct HeldFragment {
  std::uint32_t next;         ///< of its datagram, or of the released ones
  std::uint32_t ledger_slot;  ///< where it was booked
  std::uint32_t wire_bytes;
  Extent extent;
  std::uint32_t overlap;  ///< bytes of `extent` that another fragment's copy stands for
  ledger::PacketEnd end;  ///< set in the first released fragment of a datagram; none = as the one before
};

struct Key {
  IpAddress src, dst;
  std::uint32_t tenant, ip_id;
  std::uint32_t vlans;  ///< both ids and their number, or 0
  IpVersion version;
  std::uint8_t
      protocol;  ///< IPv4 only: fragments of an IPv6 datagram may state different ones (RFC 8200 4.5)

  friend bool operator==(const Key&, const Key&) noexcept = default;
};

inline constexpr std::uint32_t kEndUnknown = 0xffffffff;

struct Datagram {
  Key key;
  Timestamp deadline;
  std::uint32_t next_in_bucket, older, newer;
  std::uint32_t first_fragment, last_fragment;
  std::uint32_t there;  ///< payload bytes that are there
  std::uint32_t reach;  ///< the largest end of a fragment
  std::uint32_t end;    ///< where the fragment without more fragments ends; kEndUnknown
  std::array<std::uint32_t, kChunksInDatagram> chunks;
  packet::Meta meta;  ///< of the fragment with offset 0, `head` too
  Head head;

  [[nodiscard]] bool whole() const noexcept { return there == end; }
};

}  // namespace mirrorscan::defrag
