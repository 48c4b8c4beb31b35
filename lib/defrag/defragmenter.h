#pragma once
// Inner IPv4 and IPv6 fragments to whole datagrams (RFC 791 section 3.2, RFC 8200 section 4.5). One for each
// worker.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/timestamp.h"
#include "defrag/overlap.h"
#include "defrag/verdict.h"
#include "ledger/ledger.h"
#include "packet/meta.h"

struct rte_mbuf;
struct rte_mempool;

namespace mirrorscan::defrag {

/// Whether fragments on different inner VLANs belong to different datagrams.
enum class VlanInKey : std::uint8_t { ignored, included };

struct Settings {
  std::uint32_t max_datagrams = 4'096;
  std::uint64_t max_bytes = 33'554'432;  ///< of memory for fragments, about two thirds of it payload; raised
                                         ///< to what one datagram needs
  Duration timeout =
      Duration::seconds(60);  ///< from the arrival of a datagram's first fragment (RFC 8200 4.5)
  OverlapPolicies policies;
  VlanInKey vlan_in_key = VlanInKey::ignored;
  std::uint64_t seed = 0;  ///< of the table's hash; random in production
};

/// Bookkeeping, for a fragment whose bytes were counted as received on slot S of its worker:
///   1. v = add(...). is_held(v): held_defrag += {1, wire_bytes}, payload_held_defrag += payload_captured on
///   S;
///      else it ends as packet_end(v) / payload_end(v) on S.
///   2. v is complete: take(); the datagram, if there is one, is handed in as a new packet: handed_in += {1,
///   its
///      Meta.wire_bytes}, payload_handed_in += payload_length() on its slot. Its payload_length() bytes are
///      the transport header (fragment_header) and the L4 payload, which gets dispositions of its own.
///   3. next_released() until it gives nothing, after each add(), take() and expire(): off the held figures
///   on the slot
///      it names; for reassembled ones payload_handed_out += payload - overlap there. All of a datagram's
///      (payload - overlap) add up to its payload_length().
class Defragmenter {
 public:
  /// Allocates everything; memory is touched when it is first used. Per datagram about 810 bytes beside
  /// max_bytes.
  explicit Defragmenter(const Settings& settings);
  ~Defragmenter();
  Defragmenter(const Defragmenter&) = delete;
  Defragmenter& operator=(const Defragmenter&) = delete;

  /// Takes a fragment in; `meta.fragment` is set. The mbuf may be freed afterwards. Needs no order in `now`,
  /// but datagrams expire in the order they began. Cost: a table lookup and the copy; evictions only when a
  /// budget is full.
  [[nodiscard]] Verdict add(const rte_mbuf& mbuf, const packet::Meta& meta, Timestamp now) noexcept;

  /// After `complete`: the whole datagram as an IP packet without Ethernet header at offset 0, chained where
  /// needed, with the first fragment's Meta, in which wire_bytes is the packet's length, time and
  /// capture_index are those of the fragment that completed it, and fragment fields are cleared; decode it
  /// from its IP header, then set `reassembled`. nullptr when the pool has not enough mbufs (its fragments
  /// end as datagram_no_mbuf) or the datagram is longer than IP allows (fragment_bad).
  [[nodiscard]] rte_mbuf* take(rte_mempool& pool) noexcept;

  /// IP payload bytes of the datagram that the last take() gave.
  [[nodiscard]] std::uint32_t payload_length() const noexcept;

  /// Ends datagrams whose time is over, oldest first, `at_most` of them; says how many. At the end of a
  /// capture call it with Timestamp{INT64_MAX} until it gives 0.
  std::size_t expire(Timestamp now, std::size_t at_most = 32) noexcept;

  /// The next group of fragments that ended; false when there is none.
  [[nodiscard]] bool next_released(Released& out) noexcept;

  /// What is held now (released but not yet drained included): equals what was booked as held minus Released.
  [[nodiscard]] ledger::Amount held() const noexcept;
  [[nodiscard]] std::uint64_t held_payload() const noexcept;
  [[nodiscard]] std::size_t datagrams() const noexcept;

  /// Since the start, for the counters of the same name.
  [[nodiscard]] std::uint64_t datagrams_reassembled() const noexcept;
  [[nodiscard]] std::uint64_t datagrams_evicted() const noexcept;     ///< Counter::fragments_budget
  [[nodiscard]] std::uint64_t overlaps_that_differ() const noexcept;  ///< fragments

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mirrorscan::defrag
