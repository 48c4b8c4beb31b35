#pragma once
// Where fragments are kept: their bytes in chunks, their bookkeeping in records. Knows nothing of keys, age
// or time.

#include <rte_mbuf.h>

#include <cstdint>

#include "defrag/datagram.h"
#include "defrag/overlap.h"
#include "defrag/verdict.h"
#include "packet/meta.h"

namespace mirrorscan::defrag {

class Store {
 public:
  /// At least what one whole datagram in the smallest fragments needs.
  Store(std::uint64_t max_bytes, OverlapPolicies policies);

  /// Bytes that a fragment with this extent would bring.
  [[nodiscard]] std::uint32_t gain(const Datagram& datagram, Extent extent) noexcept;
  /// Whether the fragment has other bytes than those that are there.
  [[nodiscard]] bool differs(const Datagram& datagram, Extent extent, const rte_mbuf& mbuf,
                             const packet::Meta& meta) noexcept;
  /// Whether hold() has room for a fragment with this extent.
  [[nodiscard]] bool room(const Datagram& datagram, Extent extent) const noexcept;
  /// Copies the fragment's bytes and books it as held; there must be room().
  void hold(Datagram& datagram, Extent extent, const rte_mbuf& mbuf, const packet::Meta& meta) noexcept;

  /// Payload bytes of a whole datagram, appended to the packet; false when the pool has not enough mbufs.
  [[nodiscard]] bool append_payload(const Datagram& datagram, rte_mbuf& mbuf, rte_mempool& pool) noexcept;

  /// Frees the datagram's chunks and passes its fragments on to next_released().
  void release(Datagram& datagram, ledger::PacketEnd end) noexcept;
  [[nodiscard]] bool next_released(Released& out) noexcept;

  [[nodiscard]] const ledger::Amount& held() const noexcept { return held_; }
  [[nodiscard]] std::uint64_t held_payload() const noexcept { return held_payload_; }

 private:
  [[nodiscard]] bool brings(const Datagram& datagram, Extent extent, std::uint32_t unit) noexcept;
  void claim(Datagram& datagram, std::uint32_t fragment, std::uint32_t unit) noexcept;

  OverlapPolicies policies_;
  Pool<Chunk> chunks_;
  Pool<HeldFragment> fragments_;
  ledger::Amount held_;
  std::uint64_t held_payload_ = 0;
  std::uint32_t first_released_ = kNone, last_released_ = kNone;
  ledger::PacketEnd releasing_ = ledger::PacketEnd::none;
};

}  // namespace mirrorscan::defrag
