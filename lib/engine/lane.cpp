#include "engine/lane.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_pause.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <utility>

#include "packet/access.h"

namespace mirrorscan::engine {

Lane::Lane(LaneShared& shared, const LaneSettings& settings, std::uint32_t index,
           std::unique_ptr<worker::Worker> worker)
    : shared_(shared),
      settings_(settings),
      index_(index),
      worker_(std::move(worker)),
      published_(worker_->rule_costs().size()) {}

Timestamp Lane::now() noexcept {
  now_ = std::max(now_, shared_.clock.now());
  return now_;
}

std::size_t Lane::receive(Timestamp now) noexcept {
  std::array<rte_mbuf*, worker::Worker::kMaxBurst> burst;
  std::size_t all = 0;
  const Port* asked = nullptr;
  bool may_poll = false;
  for (const Queue& queue : queues_) {
    // Once a round for all queues of a port: they stand together.
    if (queue.port != asked) may_poll = queue.port->gate().may_poll(index_);
    asked = queue.port;
    if (!may_poll) continue;
    const std::uint16_t n = rte_eth_rx_burst(queue.port->id(), queue.number, burst.data(),
                                             static_cast<std::uint16_t>(settings_.burst));
    if (n == 0) continue;
    for (rte_mbuf* m : std::span(burst).first(n)) packet::meta(*m).time = now;
    worker_->process(std::span(burst).first(n));
    all += n;
  }
  return all;
}

std::size_t Lane::round(Timestamp now) noexcept {
  rounds_.store(rounds_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  const std::size_t packets = worker_->take_in();
  if (published_.asked()) published_.answer(*worker_);
  if (packets == 0) worker_->idle(now);
  return packets;
}

void Lane::rest(std::size_t packets) noexcept {
  if (packets > 0) {
    idle_ = 0;
    return;
  }
  rte_pause();
  if (settings_.yield_after_idle_polls == 0 || ++idle_ < settings_.yield_after_idle_polls) return;
  idle_ = 0;
  sched_yield();
}

void Lane::drain(std::atomic<std::uint32_t>& arrived) noexcept {
  arrived.fetch_add(1, std::memory_order_acq_rel);
  for (;;) {
    const bool all_there = arrived.load(std::memory_order_acquire) == shared_.lanes;
    const std::size_t packets = round(now());
    if (packets == 0 && all_there) return;
    if (packets == 0) sched_yield();
  }
}

void Lane::run() noexcept {
  while (!shared_.stop.load(std::memory_order_relaxed)) {
    const Timestamp time = now();
    const std::size_t received = receive(time);
    rest(received + round(time));
  }
  drain(shared_.received_all);
  drain(shared_.sent_all);
  worker_->wait_for_exporter();  // all flows end now, and their pended rules are decided
  worker_->finish(now());
  drain(shared_.asked_all);
  published_.answer(*worker_);
}

}  // namespace mirrorscan::engine
