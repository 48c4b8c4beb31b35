#include "support/worker_team.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "packet/access.h"

namespace mirrorscan::support {

WorkerTeam::WorkerTeam(const config::Config& config, std::shared_ptr<const ruleset::Ruleset> rules,
                       const Size& size)
    : rules_(std::move(rules)),
      exchange_(size.workers, size.inbox, size.datagrams, worker::Order::as_they_come,
                rules_->asks_hosts ? size.queries : 1) {
  for (std::uint32_t i = 0; i < size.workers; ++i) {
    rings_.push_back(std::make_unique<worker::RecordRing>(size.records));
    auto tenants = worker::Tenants::from(config.tenants);
    auto made = worker::Worker::make(worker::Settings::from(config), std::move(tenants).value(), rules_,
                                     datagram_pool(), *rings_.back(), {&exchange_, i});
    if (!made) throw std::runtime_error(made.error().text());
    workers_.push_back(std::move(made).value());
  }
}

WorkerTeam::~WorkerTeam() = default;

void WorkerTeam::feed(const std::vector<Arrival>& arrivals, std::size_t burst, Random& random) {
  std::vector<std::vector<const Frame*>> queues(workers_.size());
  for (const Arrival& arrival : arrivals) queues[arrival.worker].push_back(&arrival.frame);
  std::vector<std::size_t> next(workers_.size());
  std::array<rte_mbuf*, 256> mbufs{};
  for (std::size_t left = arrivals.size(); left > 0;) {
    const std::size_t who = pick(random, workers_.size());
    if (pick(random, 3) == 0) (void)workers_[pick(random, workers_.size())]->take_in();
    const std::size_t count =
        std::min({1 + pick(random, burst), queues[who].size() - next[who], mbufs.size()});
    for (std::size_t i = 0; i < count; ++i) {
      const Frame& frame = *queues[who][next[who]++];
      mbufs[i] = mbuf_of(frame);
      packet::meta(*mbufs[i]).time = frame.time;
    }
    if (count > 0) workers_[who]->process({mbufs.data(), count});
    left -= count;
    drain();
  }
}

std::size_t WorkerTeam::take_in() {
  std::size_t all = 0;
  for (const auto& worker : workers_) all += worker->take_in();
  return all;
}

void WorkerTeam::finish() {
  while (take_in() > 0) drain();
  for (const auto& worker : workers_) worker->finish({});
  while (take_in() > 0) drain();
  drain();
}

void WorkerTeam::drain() {
  record::Record r;
  for (const auto& ring : rings_)
    while (ring->try_pop(r))
      if (r.type == record::Type::alert) alerts_.push_back(seen(r, *rules_));
}

std::vector<SeenAlert> WorkerTeam::take_alerts() {
  std::sort(alerts_.begin(), alerts_.end());
  return std::exchange(alerts_, {});
}

ledger::Ledger WorkerTeam::total() const {
  ledger::Ledger sum;
  for (const auto& worker : workers_)
    for (std::uint32_t slot = 0; slot < worker->ledgers().count(); ++slot) sum += worker->ledgers().at(slot);
  return sum;
}

std::uint64_t WorkerTeam::counter(ledger::Counter counter) const {
  std::uint64_t sum = 0;
  for (const auto& worker : workers_) sum += worker->counters()[counter];
  return sum;
}

std::string WorkerTeam::imbalance() const {
  std::string out;
  for (std::size_t i = 0; i < workers_.size(); ++i)
    for (std::uint32_t slot = 0; slot < workers_[i]->ledgers().count(); ++slot)
      if (!workers_[i]->ledgers().at(slot).balances())
        out += "worker " + std::to_string(i) + ", slot " + std::to_string(slot) + "; ";
  const ledger::Ledger sum = total();
  if (sum.steered_out != sum.steered_in) out += "packets were sent and not taken; ";
  if (sum.payload_steered_out != sum.payload_steered_in) out += "payload was sent and not taken; ";
  return out;
}

}  // namespace mirrorscan::support
