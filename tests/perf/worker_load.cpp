// What a packet costs a worker: many flows at random, 64-byte inner frames, no rules, mbufs that no cache
// holds.
//
// Usage: worker-load udp|tcp FLOWS PACKETS [BURST [ROUND]]
//
// ROUND mbufs are filled, then inspected, then used again: 31744 by default, cold; 64 stay in a cache.
//
// Prints cycles a packet, by burst so that what else the machine does can be told apart; the executable with
// the stages compiled in prints their means, too. Under callgrind, collect in `measured_burst` only:
// everything else is preparation.

#include <rte_mbuf.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "base/cycles.h"
#include "big_pool.h"
#include "flow_frames.h"
#include "packet/access.h"
#include "rules/load.h"
#include "worker/worker.h"

using namespace mirrorscan;

/// A name that valgrind's --toggle-collect finds.
extern "C" [[gnu::noinline]] void measured_burst(worker::Worker& worker, std::span<rte_mbuf*> burst) {
  worker.process(burst);
}

namespace {

constexpr std::uint32_t kMbufs = 32'767;      ///< with what is touched of each, some 20 MB
constexpr std::size_t kMostInRound = 31'744;  ///< the rest may lie in the pool's cache

template <class T>
T checked(Result<T> result) {
  if (result) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.error().text().c_str());
  std::exit(2);
}

struct Load {
  perf::Kind kind;
  std::uint32_t flows;
  std::uint64_t packets;
  std::size_t burst, round;
};

class Run {
 public:
  explicit Run(const Load& load) : load_(load), frames_(load.kind, load.flows), mbufs_(kMostInRound) {
    config::Config config = config::defaults(config::Profile::mirror);
    config.flow.max_flows = load.flows;
    auto rules = checked(rules::load_text("none", "", {}, {}));
    worker_ = checked(worker::Worker::make(worker::Settings::from(config), {}, std::move(rules.ruleset),
                                           *datagrams_, ring_));
  }

  void open_flows() {
    for (std::uint32_t flow = 0; flow < load_.flows; ++flow)
      for (std::uint32_t n = 0; n < frames_.openings(); ++n) {
        put(frames_.opening(flow, n));
        if (filled_ == load_.burst) process_all(Measured::no);
      }
    process_all(Measured::no);
  }

  void measure() {
    for (std::uint64_t sent = 0; sent < load_.packets; ++sent) {
      put(frames_.next(static_cast<std::uint32_t>(random_()) % load_.flows,
                       random_() % 2 == 0 ? Direction::to_server : Direction::to_client));
      if (filled_ == load_.round) process_all(Measured::yes);
    }
    process_all(Measured::yes);
  }

  /// False where something was not as this measurement supposes.
  [[nodiscard]] bool report(const StageCosts& before) {
    const auto per_packet = [this](const StageCost& from, const StageCost& to) {
      return (static_cast<double>(to.cycles) - static_cast<double>(from.cycles)) /
             static_cast<double>(load_.packets);
    };
    std::sort(bursts_.begin(), bursts_.end());
    const auto share = [this](std::size_t percent) {
      return bursts_[(bursts_.size() - 1) * percent / 100] / static_cast<double>(load_.burst);
    };
    std::printf("%.0f cycles a packet: median of the bursts, a tenth below %.0f, a tenth above %.0f\n",
                share(50), share(10), share(90));
    const StageCosts after = worker_->stage_costs();
    for (std::size_t i = 1; kStageCyclesCounted && i < kStages; ++i)
      if (after[i].calls > before[i].calls)
        std::printf("  %-11s %.1f\n", kStageNames[i].data(), per_packet(before[i], after[i]));
    using ledger::Counter;
    const std::uint64_t created = worker_->counters()[Counter::flows_created];
    const std::uint64_t sessions = worker_->counters()[Counter::tcp_sessions];
    std::printf("%lu flows, %lu TCP sessions\n", created, sessions);
    return created == load_.flows && (load_.kind == perf::Kind::udp || sessions == load_.flows);
  }

  [[nodiscard]] StageCosts costs() const { return worker_->stage_costs(); }

 private:
  enum class Measured : std::uint8_t { no, yes };

  void put(const support::Bytes& frame) {
    rte_mbuf* m = packet::from_bytes(*pool_, frame);
    if (m == nullptr) std::abort();
    now_.us += 1;
    packet::meta(*m).time = now_;
    packet::meta(*m).capture_index = index_++;
    mbufs_[filled_++] = m;
  }

  void process_all(Measured measured) {
    for (std::size_t at = 0; at < filled_; at += load_.burst) {
      const std::span<rte_mbuf*> burst{&mbufs_[at], std::min(load_.burst, filled_ - at)};
      if (measured == Measured::no) {
        worker_->process(burst);
        continue;
      }
      const std::uint64_t began = cycle_count();
      measured_burst(*worker_, burst);
      const std::uint64_t took = cycle_count() - began;
      if (burst.size() == load_.burst) bursts_.push_back(static_cast<double>(took));
    }
    filled_ = 0;
  }

  Load load_;
  support::Mempool datagrams_{63};
  perf::BigPool pool_{kMbufs};
  perf::FlowFrames frames_;
  worker::RecordRing ring_{1'024};
  std::unique_ptr<worker::Worker> worker_;
  std::vector<rte_mbuf*> mbufs_;
  std::size_t filled_ = 0;
  std::mt19937 random_{1};
  Timestamp now_{1'561'644'131'000'000};
  std::uint64_t index_ = 0;
  std::vector<double> bursts_;  ///< cycles of each whole burst
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: worker-load udp|tcp FLOWS PACKETS [BURST [ROUND]]\n");
    return 2;
  }
  const Load load{std::string(argv[1]) == "tcp" ? perf::Kind::tcp : perf::Kind::udp,
                  static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10)),
                  std::strtoull(argv[3], nullptr, 10), argc > 4 ? std::strtoul(argv[4], nullptr, 10) : 32,
                  argc > 5 ? std::strtoul(argv[5], nullptr, 10) : kMostInRound};
  if (load.flows == 0 || load.burst == 0 || load.burst > worker::Worker::kMaxBurst || load.round == 0 ||
      load.round > kMostInRound)
    return 2;
  Run run(load);
  run.open_flows();
  const StageCosts before = run.costs();
  run.measure();
  return run.report(before) ? 0 : 1;
}
