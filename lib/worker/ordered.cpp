// Between workers in a replay: each takes its packets in the order of the capture, so that any number of
// workers gives the same answer. Nothing is dropped; what finds no room waits.
//
// A worker has packets in its inboxes (one a sender, each in order) and datagrams that other workers made of
// fragments (likewise). It takes the one with the lowest capture index, once no inbox that is empty now can
// bring a lower one: Progress says up to where each sender is. A sender's progress with packets depends on
// the capture alone, its progress with datagrams on packets alone; so nobody waits in a circle, and the
// worker that has the lowest index of all can always go on.

#include <rte_mbuf.h>

#include <algorithm>
#include <limits>

#include "packet/access.h"
#include "steer/steer.h"
#include "worker/worker.h"

namespace mirrorscan::worker {

using ledger::Counter;

void Worker::find_sources() noexcept {
  for (std::uint32_t peer = 0; place_.exchange != nullptr && peer < workers(); ++peer) {
    Exchange& exchange = *place_.exchange;
    const bool own = peer == place_.self;
    const Progress& progress = exchange.progress(peer);
    sources_.push_back(
        {&exchange.packets(peer, place_.self), &progress.packets, &progress.packets_us, false, own});
    if (!own)
      sources_.push_back(
          {&exchange.datagrams(peer, place_.self), &progress.datagrams, &progress.datagrams_us, true, own});
  }
}

bool Worker::takes_more() const noexcept {
  return std::all_of(outboxes_.begin(), outboxes_.end(), [](const Outbox& outbox) { return outbox.empty(); });
}

void Worker::feed(std::span<rte_mbuf*> burst, std::uint64_t next_index, Timestamp reached) noexcept {
  const StageScope rest(stages_, Stage::rest, burst.size());
  if (!burst.empty()) counters_.add(Counter::bursts);
  for (std::size_t i = 0; i < burst.size(); ++i) {
    rte_mbuf* m = burst[i];
    prefetch_arrivals(burst, i);
    if (receive(*m))
      outboxes_[steer::owner(packet::meta(*m), workers(), settings_.steer_seed)].add(m);
    else
      rte_pktmbuf_free(m);
  }
  fed_to_ = next_index;
  fed_time_ = std::max(fed_time_, reached);
  send_in_order();
}

void Worker::send_in_order() noexcept {
  std::uint64_t sent_to = fed_to_;
  Timestamp sent_time = fed_time_;
  for (std::uint32_t owner = 0; owner < outboxes_.size(); ++owner) {
    Outbox& outbox = outboxes_[owner];
    PacketRing& inbox = place_.exchange->packets(place_.self, owner);
    const std::span<rte_mbuf*> waiting = outbox.waiting();
    const std::size_t fits = std::min(waiting.size(), inbox.room());
    if (owner != place_.self)
      for (const rte_mbuf* m : waiting.first(fits)) book_sent(packet::meta(*m));
    (void)inbox.push(waiting.first(fits));
    outbox.pop(fits);
    if (outbox.empty()) continue;
    const packet::Meta& first = packet::meta(*outbox.front());
    sent_to = std::min(sent_to, first.capture_index);
    sent_time = std::min(sent_time, first.time);
  }
  Progress& progress = place_.exchange->progress(place_.self);
  progress.packets.store(sent_to, std::memory_order_release);
  progress.packets_us.store(sent_time.us, std::memory_order_release);
}

bool Worker::send_datagram() noexcept {
  if (waiting_datagram_ == nullptr) return true;
  const packet::Meta& meta = packet::meta(*waiting_datagram_);
  PacketRing& inbox =
      place_.exchange->datagrams(place_.self, steer::owner(meta, workers(), settings_.steer_seed));
  if (inbox.room() == 0) return false;
  book_sent(meta);
  (void)inbox.try_push(waiting_datagram_);
  waiting_datagram_ = nullptr;
  return true;
}

/// Where the packet or datagram waits that comes next; nullptr when it is not there yet, or nothing is to
/// come. Tells the peers how far the fragments are.
const Worker::Source* Worker::next_source() noexcept {
  const Source* next = nullptr;
  std::uint64_t lowest = Exchange::kEnd;   // in the inboxes
  std::uint64_t packets = Exchange::kEnd;  // of packets, there or still to come
  end_ = Exchange::kEnd;                   // of what inboxes that are empty may still bring
  Timestamp all_time{std::numeric_limits<std::int64_t>::max()}, packets_time = all_time, next_time;
  for (const Source& source : sources_) {
    // Progress first: what is not in the ring afterwards and below it will not come.
    Timestamp time{source.progress_us->load(std::memory_order_acquire)};
    std::uint64_t bound = source.progress->load(std::memory_order_acquire);
    if (rte_mbuf* const* front = source.ring->front()) {
      bound = packet::meta(**front).capture_index;
      time = packet::meta(**front).time;
      if (bound < lowest) {
        next = &source;
        lowest = bound;
        next_time = time;
      }
    } else {
      end_ = std::min(end_, bound);
    }
    all_time = std::min(all_time, time);
    if (source.whole) continue;
    packets = std::min(packets, bound);
    packets_time = std::min(packets_time, time);
  }
  const bool known = next != nullptr && lowest <= end_;
  if (known) {
    // All that is still to come, here or to others, has a higher index: it is not earlier either.
    packets_time = std::max(packets_time, next_time);
    fed_time_ = std::max(fed_time_, next_time);
  }
  Progress& progress = place_.exchange->progress(place_.self);
  progress.datagrams.store(packets, std::memory_order_release);
  progress.datagrams_us.store(packets_time.us, std::memory_order_release);
  lowest_ = std::min(lowest, end_);
  lowest_time_ = known ? next_time : all_time;
  return known ? next : nullptr;
}

std::size_t Worker::advance(std::size_t limit) noexcept {
  const StageScope rest(stages_, Stage::rest, 0);
  send_in_order();
  std::size_t taken = 0;
  for (; taken < limit && send_datagram(); ++taken) {
    (void)answer_queries();
    const Source* next = next_source();
    if (!reach(lowest_time_, lowest_) || next == nullptr) break;
    rte_mbuf* m = nullptr;
    (void)next->ring->try_pop(m);
    if (next->whole) {
      take_datagram(*m);
      continue;
    }
    if (!next->own) book_taken(packet::meta(*m));
    take({&m, 1});
  }
  if (taken > 0 && !asks_hosts_) expire(now_);
  return taken + answer_queries();
}

bool Worker::finished() noexcept {
  if (!takes_more() || waiting_datagram_ != nullptr || !host_queries_.empty()) return false;
  return next_source() == nullptr && end_ == Exchange::kEnd;
}

}  // namespace mirrorscan::worker
