// Between workers: packets to the inbox of the worker that owns their flow, and out of it. Nobody waits: an
// inbox without room is a named loss.

#include <rte_mbuf.h>

#include <array>

#include "packet/access.h"
#include "steer/steer.h"
#include "worker/worker.h"

namespace mirrorscan::worker {

using ledger::Counter;
using ledger::Ledger;
using ledger::PacketEnd;
using ledger::PayloadEnd;
using packet::Meta;

std::uint32_t Worker::workers() const noexcept {
  return place_.exchange == nullptr ? 1 : place_.exchange->workers();
}

void Worker::process(std::span<rte_mbuf*> burst) noexcept {
  const StageScope rest(stages_, Stage::rest, burst.size());
  counters_.add(Counter::bursts);
  // Stateless first, then packet by packet in order: the answer must not depend on the size of the burst.
  std::size_t own = 0;
  for (std::size_t i = 0; i < burst.size(); ++i) {
    rte_mbuf* m = burst[i];
    prefetch_arrivals(burst, i);
    if (!receive(*m)) {
      rte_pktmbuf_free(m);
      continue;
    }
    const StageScope steer(stages_, Stage::steer);
    const std::uint64_t hash = alone() ? 0 : steer::flow_hash(packet::meta(*m), settings_.steer_seed);
    if (steer::owner(hash, workers()) == place_.self)
      burst[own++] = m;
    else
      send(*m, hash);
  }
  send_staged();
  take(burst.first(own));
  expire(now_);
}

void Worker::book_sent(const Meta& meta) noexcept {
  Ledger& ledger = ledgers_[meta.ledger_slot];
  ledger.steered_out += {1, meta.wire_bytes};
  ledger.payload_steered_out += meta.payload_captured;
}

void Worker::book_taken(Meta& meta) noexcept {
  const StageScope steer(stages_, Stage::steer);
  meta.ledger_slot = ledgers_.slot_of(meta.tunnel.vni);
  Ledger& ledger = ledgers_[meta.ledger_slot];
  ledger.steered_in += {1, meta.wire_bytes};
  ledger.payload_steered_in += meta.payload_captured;
}

void Worker::refuse(rte_mbuf& m, PacketEnd end, PayloadEnd payload_end) noexcept {
  const Meta& meta = packet::meta(m);
  Ledger& ledger = ledgers_[meta.ledger_slot];
  ledger.end(end, meta.wire_bytes);
  ledger.dispose(payload_end, meta.payload_captured);
  rte_pktmbuf_free(&m);
}

void Worker::send(rte_mbuf& m, std::uint64_t flow_hash) noexcept {
  const std::uint32_t owner = steer::owner(flow_hash, workers());
  Outbox& outbox = outboxes_[owner];
  const bool above_share = outbox.share.above(static_cast<std::uint32_t>(flow_hash));
  const PacketRing& inbox = place_.exchange->packets(place_.self, owner);
  // The last quarter is kept for flows within their share.
  if (above_share && inbox.size() > inbox.capacity() / 4 * 3)
    refuse(m, PacketEnd::flow_over_share, PayloadEnd::flow_over_share);
  else
    outbox.add(&m);
}

void Worker::send_staged() noexcept {
  const StageScope steer(stages_, Stage::steer, 0);
  for (std::uint32_t owner = 0; owner < outboxes_.size(); ++owner) {
    Outbox& outbox = outboxes_[owner];
    if (outbox.empty()) continue;
    PacketRing& inbox = place_.exchange->packets(place_.self, owner);
    const std::span<rte_mbuf*> waiting = outbox.waiting();
    const std::size_t fits = std::min(waiting.size(), inbox.room());
    // Booked before they are sent: then they belong to the other worker.
    for (const rte_mbuf* m : waiting.first(fits)) book_sent(packet::meta(*m));
    (void)inbox.push(waiting.first(fits));
    for (rte_mbuf* m : waiting.subspan(fits)) refuse(*m, PacketEnd::inbox_full, PayloadEnd::inbox_full);
    outbox.pop(waiting.size());
  }
}

std::size_t Worker::take_in() noexcept {
  const StageScope rest(stages_, Stage::rest, 0);
  std::array<rte_mbuf*, 64> burst;
  std::size_t all = 0;
  for (std::uint32_t peer = 0; peer < workers(); ++peer) {
    if (peer == place_.self) continue;
    const std::size_t packets = place_.exchange->packets(peer, place_.self).pop(burst);
    for (std::size_t i = 0; i < packets; ++i) {
      prefetch_arrivals(std::span(burst).first(packets), i);
      book_taken(packet::meta(*burst[i]));
    }
    take(std::span(burst).first(packets));
    const std::size_t datagrams = place_.exchange->datagrams(peer, place_.self).pop(burst);
    for (rte_mbuf* m : std::span(burst).first(datagrams)) take_datagram(*m);
    all += packets + datagrams;
  }
  all += answer_queries();
  if (all > 0) expire(now_);
  return all;
}

void Worker::take_datagram(rte_mbuf& m) noexcept {
  Meta& meta = packet::meta(m);
  book_taken(meta);
  now_ = std::max(now_, meta.time);
  give_up_holes(now_);
  inspect(m, meta);
  rte_pktmbuf_free(&m);
}

void Worker::hand_over_datagram(rte_mbuf& m) noexcept {
  Meta& meta = packet::meta(m);
  const std::uint32_t owner = steer::owner(meta, workers(), settings_.steer_seed);
  if (owner == place_.self) {
    inspect(m, meta);
    rte_pktmbuf_free(&m);
    return;
  }
  if (place_.exchange->order() == Order::by_capture_index) {
    waiting_datagram_ = &m;
    (void)send_datagram();
    return;
  }
  PacketRing& inbox = place_.exchange->datagrams(place_.self, owner);
  if (inbox.room() == 0) return refuse(m, PacketEnd::inbox_full, PayloadEnd::inbox_full);
  book_sent(meta);
  (void)inbox.try_push(&m);
}

}  // namespace mirrorscan::worker
