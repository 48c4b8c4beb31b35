#pragma once
// A defragmenter and the books a worker keeps about it, exactly as defragmenter.h says they are to be kept.

#include <rte_mbuf.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "decode/decode.h"
#include "defrag/defragmenter.h"
#include "ledger/ledger.h"
#include "packet/access.h"
#include "support/mbufs.h"
#include "support/mempool.h"
#include "support/wire_bytes.h"

namespace mirrorscan::support {

/// A whole datagram as it came out.
struct Whole {
  Bytes ip_packet;
  packet::Meta meta;
};

class DefragBooks {
 public:
  /// Where and when a fragment arrives.
  struct Arrival {
    Timestamp now{};
    std::uint32_t slot = 0, tenant = 0;
    std::size_t segment = 65'535;  ///< the frame comes in mbufs of so many bytes
    std::size_t snap = 65'535;     ///< the frame is cut to so many bytes
    std::uint64_t capture_index = 0;
  };

  DefragBooks(const defrag::Settings& settings, Mempool& pool) : defragmenter_(settings), pool_(pool) {}

  /// Decodes an inner Ethernet frame that is a fragment, adds it and books the outcome.
  defrag::Verdict add(const Bytes& frame, const Arrival& arrival) {
    const ByteView bytes = ByteView(frame).first(std::min(frame.size(), arrival.snap));
    MbufChain chain(bytes, pieces_of(bytes.size(), arrival.segment));
    packet::Meta meta;
    meta.time = arrival.now;
    meta.capture_index = arrival.capture_index;
    meta.tenant = arrival.tenant;
    meta.ledger_slot = arrival.slot;
    meta.wire_bytes = static_cast<std::uint32_t>(bytes.size() + 50);
    const bool decoded = decode::decode(*chain, meta) == ledger::PacketEnd::none;
    if (!decoded || !meta.fragment) throw std::logic_error("this frame is not a fragment");
    return add(*chain, meta);
  }

  defrag::Verdict add(const rte_mbuf& mbuf, const packet::Meta& meta) {
    ledger::Ledger& ledger = ledgers_[meta.ledger_slot];
    ledger.received += {1, meta.wire_bytes};
    ledger.payload_received += meta.payload_captured;
    const defrag::Verdict verdict = defragmenter_.add(mbuf, meta, meta.time);
    if (defrag::is_held(verdict)) {
      ledger.held_defrag += {1, meta.wire_bytes};
      ledger.payload_held_defrag += meta.payload_captured;
    } else {
      ledger.end(defrag::packet_end(verdict), meta.wire_bytes);
      ledger.dispose(defrag::payload_end(verdict), meta.payload_captured);
    }
    whole_.reset();
    if (verdict == defrag::Verdict::complete) take();
    drain();
    return verdict;
  }

  std::size_t expire(Timestamp now, std::size_t at_most = 32) {
    const std::size_t ended = defragmenter_.expire(now, at_most);
    drain();
    return ended;
  }

  /// The datagram that the last add() completed.
  [[nodiscard]] const std::optional<Whole>& whole() const { return whole_; }
  [[nodiscard]] defrag::Defragmenter& defragmenter() { return defragmenter_; }

  /// All slots together.
  [[nodiscard]] ledger::Ledger total() const {
    ledger::Ledger sum;
    for (const auto& [slot, ledger] : ledgers_) sum += ledger;
    return sum;
  }
  [[nodiscard]] const ledger::Ledger& of(std::uint32_t slot) { return ledgers_[slot]; }
  [[nodiscard]] std::uint64_t ended(ledger::PacketEnd end) const {
    return total().ends[static_cast<std::size_t>(end)].packets;
  }
  [[nodiscard]] std::uint64_t disposed(ledger::PayloadEnd end) const {
    return total().payload[static_cast<std::size_t>(end)];
  }

  /// Each slot balances, all that was handed out was handed in, and the defragmenter holds what was booked as
  /// held.
  [[nodiscard]] bool balances() const {
    for (const auto& [slot, ledger] : ledgers_)
      if (!ledger.balances()) return false;
    const ledger::Ledger sum = total();
    return sum.held_defrag == defragmenter_.held() &&
           sum.payload_held_defrag == defragmenter_.held_payload() &&
           sum.payload_handed_out == sum.payload_handed_in;
  }

 private:
  void take() {
    rte_mbuf* mbuf = defragmenter_.take(*pool_);
    if (mbuf == nullptr) return;
    Whole whole{Bytes(mbuf->pkt_len), packet::meta(*mbuf)};
    packet::copy_out(*mbuf, 0, mbuf->pkt_len, whole.ip_packet.data());
    rte_pktmbuf_free(mbuf);
    ledger::Ledger& ledger = ledgers_[whole.meta.ledger_slot];
    ledger.handed_in += {1, whole.meta.wire_bytes};
    ledger.payload_handed_in += defragmenter_.payload_length();
    ledger.end(ledger::PacketEnd::inspected, whole.meta.wire_bytes);
    ledger.dispose(ledger::PayloadEnd::scanned, defragmenter_.payload_length());
    whole_ = std::move(whole);
  }

  void drain() {
    defrag::Released released;
    while (defragmenter_.next_released(released)) {
      ledger::Ledger& ledger = ledgers_[released.ledger_slot];
      ledger.held_defrag.packets -= released.amount.packets;
      ledger.held_defrag.bytes -= released.amount.bytes;
      ledger.ends[static_cast<std::size_t>(released.packet_end)] += released.amount;
      ledger.payload_held_defrag -= released.payload;
      ledger.dispose(ledger::PayloadEnd::fragment_overlap, released.overlap);
      const std::uint64_t rest = released.payload - released.overlap;
      if (released.packet_end == ledger::PacketEnd::fragment_reassembled)
        ledger.payload_handed_out += rest;
      else
        ledger.dispose(released.payload_end, rest);
    }
  }

  defrag::Defragmenter defragmenter_;
  Mempool& pool_;
  std::map<std::uint32_t, ledger::Ledger> ledgers_;
  std::optional<Whole> whole_;
};

}  // namespace mirrorscan::support
