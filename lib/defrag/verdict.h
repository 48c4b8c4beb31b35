#pragma once
// What became of one fragment on arrival, and how fragments that were held ended later.

#include <cstdint>

#include "ledger/ledger.h"

namespace mirrorscan::defrag {

enum class Verdict : std::uint8_t {
  held = 0,    ///< copied; waits for the rest of its datagram
  complete,    ///< copied as well, and its datagram is whole: take() it before the next add()
  bad,         ///< impossible offset or length, or it contradicts the fragments before it
  truncated,   ///< the mirror cut it, so its datagram cannot become byte-exact through it
  overlapped,  ///< all its bytes were there already
  no_room,     ///< larger than all that eviction could free
};

/// `held` and `complete` are booked as held; any other verdict ends the fragment at once, in these ends.
[[nodiscard]] constexpr bool is_held(Verdict v) noexcept {
  return v == Verdict::held || v == Verdict::complete;
}
[[nodiscard]] constexpr ledger::PacketEnd packet_end(Verdict v) noexcept {
  switch (v) {
    case Verdict::bad: return ledger::PacketEnd::fragment_bad;
    case Verdict::truncated: return ledger::PacketEnd::fragment_truncated;
    case Verdict::overlapped: return ledger::PacketEnd::fragment_overlapped;
    case Verdict::no_room: return ledger::PacketEnd::fragment_evicted;
    default: return ledger::PacketEnd::none;
  }
}
/// For all Meta.payload_captured bytes of a fragment that was not held.
[[nodiscard]] constexpr ledger::PayloadEnd payload_end(Verdict v) noexcept {
  switch (v) {
    case Verdict::truncated: return ledger::PayloadEnd::fragment_truncated;
    case Verdict::overlapped: return ledger::PayloadEnd::fragment_overlap;
    case Verdict::no_room: return ledger::PayloadEnd::fragment_evicted;
    default: return ledger::PayloadEnd::fragment_bad;
  }
}

/// Fragments of one datagram that were booked on one ledger slot and now end in the same way.
struct Released {
  std::uint32_t ledger_slot = 0;
  ledger::PacketEnd packet_end = ledger::PacketEnd::none;
  ledger::Amount
      amount;  ///< fragments and their Meta.wire_bytes: take off `held_defrag`, add to `packet_end`
  std::uint64_t payload = 0;  ///< their IP payload bytes: take off `payload_held_defrag`
  std::uint64_t overlap =
      0;  ///< of `payload`: bytes that other fragments brought; PayloadEnd::fragment_overlap
  /// For the other payload - overlap bytes, unless `packet_end` is fragment_reassembled: those then are part
  /// of the whole datagram's payload, and are handed over to the slot of its first fragment.
  ledger::PayloadEnd payload_end = ledger::PayloadEnd::fragment_bad;
};

}  // namespace mirrorscan::defrag
