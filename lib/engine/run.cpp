#include "engine/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

#include "engine/eal.h"
#include "engine/exporter_thread.h"
#include "engine/lane.h"
#include "engine/lcores.h"
#include "engine/log.h"
#include "engine/losses.h"
#include "engine/signals.h"
#include "engine/snapshot.h"

namespace mirrorscan::engine {
namespace {

using exporter::StatsSnapshot;

constexpr std::size_t kDatagramsWaiting = 64;   ///< from one worker to another
constexpr std::size_t kQueriesWaiting = 1'024;  ///< likewise, where a rule asks for the state of hosts
constexpr unsigned kDatagramMbufs = 4'095;      ///< all workers
constexpr unsigned kTickMs = 100;
constexpr std::uint64_t kPacketsToTell = 1'000;      ///< an interface has ARP before it has mirrored traffic
constexpr auto kPatience = std::chrono::seconds(1);  ///< with a worker that is asked for its counts

int run_lane(void* lane) {
  static_cast<Lane*>(lane)->run();
  return 0;
}

class Daemon {
 public:
  Daemon(const RunOptions& options, std::span<const std::unique_ptr<Port>> ports)
      : options_(options),
        ports_(ports),
        shared_(options.config.workers.count),
        exchange_(options.config.workers.count, options.config.workers.inbox_packets, kDatagramsWaiting,
                  worker::Order::as_they_come, options.rules->asks_hosts ? kQueriesWaiting : 1) {}
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  /// The lanes work on what goes with this object, so they end first, even where an exception is the reason.
  ~Daemon() { end_lanes(); }

  [[nodiscard]] Status make_lanes();
  [[nodiscard]] Status launch(Sinks& sinks);
  void watch();
  [[nodiscard]] StatsSnapshot stop();

 private:
  void deal_queues();
  [[nodiscard]] StatsSnapshot snapshot();
  void ask_lanes();
  void tell_stats();
  void tell_nothing_mirrored(const StatsSnapshot& now, std::uint64_t least);
  void look_after_lanes();
  void end_lanes() noexcept;
  [[nodiscard]] std::uint64_t uptime_s() const;

  const RunOptions& options_;
  std::span<const std::unique_ptr<Port>> ports_;
  LaneShared shared_;
  worker::Exchange exchange_;
  Pool datagrams_;
  std::vector<std::unique_ptr<RecordRing>> records_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<unsigned> lcores_;  ///< by lane; empty = not launched
  std::vector<std::uint64_t> rounds_;
  std::unique_ptr<ExporterThread> exporter_;
  StatsSnapshot last_;
  bool told_nothing_mirrored_ = false;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

Status Daemon::make_lanes() {
  auto datagrams = pool_of("datagrams", kDatagramMbufs);
  if (!datagrams) return datagrams.error();
  datagrams_ = std::move(datagrams).value();
  worker::Settings settings = worker::Settings::from(options_.config);
  std::random_device random;
  settings.seed_hashes((std::uint64_t{random()} << 32) | random());
  for (std::uint32_t i = 0; i < shared_.lanes; ++i) {
    auto tenants = worker::Tenants::from(options_.config.tenants);
    if (!tenants) return tenants.error();
    records_.push_back(std::make_unique<RecordRing>(options_.config.output.ring_records));
    auto worker = worker::Worker::make(settings, std::move(tenants).value(), options_.rules, *datagrams_,
                                       *records_.back(), {&exchange_, i});
    if (!worker) return worker.error();
    lanes_.push_back(std::make_unique<Lane>(
        shared_, LaneSettings{options_.config.workers.burst, options_.config.workers.yield_after_idle_polls},
        i, std::move(worker).value()));
  }
  deal_queues();
  return success();
}

void Daemon::deal_queues() {
  for (const auto& port : ports_)
    for (std::uint16_t queue = 0; queue < port->queues(); ++queue)
      lanes_[port->queue_workers()[queue]]->add_queue(*port, queue);
}

Status Daemon::launch(Sinks& sinks) {
  auto lcores = idle_lcores(lanes_.size());
  if (!lcores) return lcores.error();
  rounds_.resize(lanes_.size());
  std::vector<RecordRing*> rings;
  for (const auto& ring : records_) rings.push_back(ring.get());
  exporter_ =
      std::make_unique<ExporterThread>(std::move(rings), exporter::EveWriter::Options::from(options_.config),
                                       sinks, options_.rules, control_cpus(options_.config));
  lcores_ = std::move(lcores).value();
  for (std::size_t i = 0; i < lanes_.size(); ++i) launch_on(lcores_[i], run_lane, lanes_[i].get());
  return success();
}

std::uint64_t Daemon::uptime_s() const {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started_).count());
}

void Daemon::ask_lanes() {
  for (const auto& lane : lanes_) lane->published().ask();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  for (const auto& lane : lanes_)
    while (!lane->published().answered() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::microseconds(200));
}

StatsSnapshot Daemon::snapshot() {
  StatsSnapshot out;
  out.time = shared_.clock.now() + shared_.clock.step();
  out.uptime_s = uptime_s();
  out.rules_loaded = options_.rules_loaded;
  out.rules_failed = options_.rules_failed;
  out.rules_told = options_.config.output.rule_stats;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    worker::Published& published = lanes_[i]->published();
    // A lane that did not answer is writing, or hangs: its counts cannot be read now.
    if (!published.answered()) {
      log_warning_limited(
          "workers",
          fmt::format("worker {} did not tell its counts within a second; these stats lack them", i));
      continue;
    }
    add_worker(out, lcores_[i], published.ledgers(), published.counters(), options_.config);
    add_rules(out, published.rule_costs(), *options_.rules);
  }
  for (const auto& port : ports_) out.ports.push_back(port->stats());
  out.sinks = exporter_->sink_stats();
  return out;
}

/// Once: what comes may become mirrored traffic at any time.
void Daemon::tell_nothing_mirrored(const StatsSnapshot& now, std::uint64_t least) {
  if (told_nothing_mirrored_) return;
  const std::string why = nothing_mirrored(now, least);
  if (why.empty()) return;
  log_warning(why);
  told_nothing_mirrored_ = true;
}

void Daemon::tell_stats() {
  ask_lanes();
  StatsSnapshot now = snapshot();
  exporter_->post(now);
  keep_silent_lcores(last_, now);
  for (const std::string& loss : new_losses(last_, now)) log_warning_limited("losses", loss);
  tell_nothing_mirrored(now, kPacketsToTell);
  last_ = std::move(now);
}

void Daemon::look_after_lanes() {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const std::uint64_t rounds = lanes_[i]->rounds();
    if (rounds == rounds_[i])
      log_warning_limited(
          "workers",
          fmt::format("worker {} stands still: its lcore {} got no time, or it hangs", i, lcores_[i]));
    rounds_[i] = rounds;
  }
}

void Daemon::watch() {
  using Clock = std::chrono::steady_clock;
  const auto interval = std::chrono::seconds(options_.config.output.stats_interval_s);
  auto next_stats = Clock::now() + interval;
  auto next_look = Clock::now() + kPatience;
  for (;;) {
    const Signal signal = wait_for_signal(kTickMs);
    if (signal == Signal::stop || (options_.companion != nullptr && options_.companion->is_done())) return;
    if (signal == Signal::reopen) exporter_->request_reopen();
    log_left_out();
    shared_.clock.adjust();
    exporter_->set_time_step(shared_.clock.step());
    for (const auto& port : ports_) port->tick();
    if (Clock::now() >= next_look) {
      look_after_lanes();
      next_look = Clock::now() + kPatience;
    }
    if (Clock::now() < next_stats) continue;
    tell_stats();
    next_stats = std::max(next_stats + interval, Clock::now());  // none are made up for after a stop
  }
}

void Daemon::end_lanes() noexcept {
  shared_.stop.store(true, std::memory_order_relaxed);
  for (const unsigned lcore : lcores_) wait_for(lcore);
}

StatsSnapshot Daemon::stop() {
  end_lanes();
  for (const auto& port : ports_) port->stop();
  StatsSnapshot last = snapshot();
  exporter_->finish(last);
  for (const std::string& loss : new_losses(last_, last)) log_warning(loss);
  tell_nothing_mirrored(last, 1);
  return last;
}

}  // namespace

Result<StatsSnapshot> run(const RunOptions& options, std::span<const std::unique_ptr<Port>> ports,
                          Sinks& sinks) {
  Daemon daemon(options, ports);
  if (Status made = daemon.make_lanes(); !made) return made.error();
  if (Status launched = daemon.launch(sinks); !launched) return launched.error();
  if (options.companion != nullptr) options.companion->began();
  daemon.watch();
  if (options.companion != nullptr) options.companion->end();
  return daemon.stop();
}

}  // namespace mirrorscan::engine
