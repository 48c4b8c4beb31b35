#include "bench/rate.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "bench/expected_alerts.h"
#include "bench/machine.h"
#include "bench/pipeline.h"
#include "bench/ring_lane.h"
#include "engine/lcores.h"
#include "sender/sender.h"
#include "sender/watched_plans.h"
#include "traffic/generator.h"
#include "truth/attack_book.h"
#include "truth/truth_ledger.h"

namespace mirrorscan::bench {
namespace {

/// A file that is gone when it is no longer needed.
class ScratchFile {
 public:
  ScratchFile() {
    path_ = (std::filesystem::temp_directory_path() / "mirrorscan-truth-XXXXXX").string();
    if (const int file = mkstemp(path_.data()); file >= 0) close(file);
  }
  ~ScratchFile() { std::remove(path_.c_str()); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// What all trials have in common.
struct Bench {
  const RateOptions& options;
  config::Config config;
  const RulesInUse& rules;
  traffic::Books books;
  std::unique_ptr<truth::AttackBook> attacks;
};

struct Trial {
  sender::Outcome sent;
  ExpectedAlerts::Comparison alerts;
  Histogram latency_us;
  ledger::Counters counters;
  double cycles_per_packet = 0;
  bool balances = false;

  [[nodiscard]] bool sender_failed() const noexcept { return sent.rate_not_reached(); }
  [[nodiscard]] bool passed() const noexcept {
    return !sender_failed() && sent.counts.lost() == 0 && alerts.expected > 0 && alerts.exact() &&
           !overloaded(counters) && balances;
  }
  [[nodiscard]] const char* why() const noexcept {
    if (sender_failed()) return "the sender did not reach the rate";
    if (sent.counts.lost() > 0) return "packets were lost";
    if (alerts.expected == 0) return "the ground truth expects no alert";
    if (!alerts.exact()) return "alerts are not those of the ground truth";
    if (overloaded(counters)) return "a budget was used up";
    return balances ? "" : "the ledgers do not balance";
  }
};

/// Sends on this thread while the lane is at work on its lcore.
void send(sender::Sender& sender, RingLane& lane) {
  run_on_measured_lcore(
      [](void* argument) {
        static_cast<RingLane*>(argument)->run();
        return 0;
      },
      &lane,
      [&] {
        sender.run();
        lane.stop();
      });
}

[[nodiscard]] Result<Trial> try_rate(const Bench& bench, double packets_per_second) {
  traffic::Profile profile = bench.options.profile;
  profile.packet_rate = packets_per_second;
  auto generator = traffic::Generator::make(profile, bench.attacks.get());
  if (!generator) return generator.error();
  truth::TruthLedger truth(profile, *bench.attacks);
  sender::WatchedPlans plans(*generator.value(), profile,
                             [&](std::span<const traffic::PacketPlan> seen) { truth.saw(seen); });
  auto pool = engine::pool_of("generator", static_cast<unsigned>(profile.packets + bench.options.burst));
  if (!pool) return pool.error();
  RingOutput::Ring ring(bench.options.queue_packets);
  RingOutput output(profile, std::move(pool).value(), ring);
  auto lane = RingLane::make({bench.config, bench.rules.ruleset, bench.options.burst}, ring);
  if (!lane) return lane.error();
  sender::CounterPacer pacer(sender::TickRate(tsc_hz() / 1e9), sender::Wait::spin);
  sender::Sender sender(plans, output, pacer,
                        {.preload = sender::Preload::all, .burst = bench.options.burst});
  send(sender, *lane.value());

  const ScratchFile file;
  if (Status written = truth.write(file.path()); !written) return written.error();
  auto expected = ExpectedAlerts::read(file.path());
  if (!expected) return expected.error();
  for (const record::Record& alert : lane.value()->alerts())
    expected.value().found(alert, *bench.rules.ruleset);
  Trial trial{sender.outcome(),
              expected.value().compare(),
              lane.value()->latency_us(),
              lane.value()->counters(),
              0,
              lane.value()->balances()};
  trial.cycles_per_packet =
      static_cast<double>(lane.value()->busy_cycles()) / static_cast<double>(lane.value()->packets());
  return trial;
}

[[nodiscard]] Figures trial_figures(const Trial& trial) {
  Figures out, latency;
  out.number("asked_pps", trial.sent.asked_rate()).number("achieved_pps", trial.sent.achieved_rate());
  out.count("packets", trial.sent.counts.made).count("bytes", trial.sent.counts.bytes);
  out.count("lost", trial.sent.counts.lost());
  out.number("frame_loss_rate",
             static_cast<double>(trial.sent.counts.lost()) / static_cast<double>(trial.sent.counts.made));
  out.number("seconds", static_cast<double>(trial.sent.elapsed_ns) / 1e9);
  out.number("behind_us", static_cast<double>(trial.sent.behind_ns) / 1e3);
  out.count("expected_alerts", trial.alerts.expected).count("found_alerts", trial.alerts.found);
  out.count("missing_alerts", trial.alerts.missing).count("extra_alerts", trial.alerts.extra);
  out.number("recall", trial.alerts.recall()).number("cycles_per_packet", trial.cycles_per_packet);
  latency.count("alerts", trial.latency_us.count()).count("p50", trial.latency_us.value_at(0.5));
  latency.count("p99", trial.latency_us.value_at(0.99)).count("p99_9", trial.latency_us.value_at(0.999));
  out.object("latency_us", std::move(latency.count("most", trial.latency_us.most())));
  return std::move(out.truth("passed", trial.passed()).text("why", trial.why()));
}

/// Trials until the throughput is known.
class Search {
 public:
  Search(const Bench& bench, Measurement& out) noexcept : bench_(bench), out_(out) {}

  [[nodiscard]] Status run() {
    const RateOptions& options = bench_.options;
    if (options.rate > 0) return attempt(options.rate);
    double rate = options.from_rate;
    if (Status done = attempt(rate); !done) return done;
    while (passed_ == 0 && rate > kLeastRate)
      if (Status done = attempt(rate /= 2); !done) return done;
    while (failed_ == 0 && 2 * rate <= kMostRate)
      if (Status done = attempt(rate *= 2); !done) return done;
    while (passed_ > 0 && failed_ > 0 && failed_ - passed_ > options.resolution * passed_)
      if (Status done = attempt((passed_ + failed_) / 2); !done) return done;
    return success();
  }

  void tell_best() {
    Figures& figures = out_.figures();
    out_.flags().raise_if(bounded_by_sender_, kWaitingGenerator);
    if (passed_ == 0) {
      figures.none("throughput_pps").none("best");
      return;
    }
    figures.number("throughput_pps", best_.sent.achieved_rate()).object("best", trial_figures(best_));
  }

 private:
  static constexpr double kLeastRate = 1'000, kMostRate = 1e9;

  [[nodiscard]] Status attempt(double rate) {
    auto trial = try_rate(bench_, rate);
    if (!trial) return trial.error();
    const Trial& t = trial.value();
    std::fprintf(stderr, "trial at %.0f packets/s: %s%s\n", rate,
                 t.passed() ? "passed" : "failed: ", t.why());
    out_.figures().append("trials", trial_figures(t));
    out_.flags().raise_if(!t.balances, kUnbalancedLedger);
    if (t.passed()) {
      passed_ = rate;
      best_ = t;
    } else {
      failed_ = rate;
      bounded_by_sender_ = t.sender_failed();
    }
    return success();
  }

  const Bench& bench_;
  Measurement& out_;
  double passed_ = 0, failed_ = 0;  ///< the closest so far
  bool bounded_by_sender_ = false;  ///< the latter
  Trial best_;
};

}  // namespace

std::uint64_t rate_memory(const RateOptions& options) noexcept {
  // A pool is rounded up to a power of two.
  return 2 * options.profile.packets * MbufChunk::kBytesAnMbuf;
}

Status rate(const RateOptions& options, Measurement& out) {
  auto rules = load_rules(options.rules, options.config);
  if (!rules) return rules.error();
  add_rules(out.figures(), options.rules, rules.value());
  if (Status good = traffic::check(options.profile); !good) return good;
  auto books = traffic::Books::make(options.profile);
  if (!books) return books.error();
  Bench bench{options, with_room_for(options.config, 2 * options.profile.flows.concurrent, rules.value()),
              rules.value(), std::move(books).value(), nullptr};
  auto attacks = truth::AttackBook::make(options.profile, *rules.value().ruleset, bench.books);
  if (!attacks) return attacks.error();
  bench.attacks = std::move(attacks).value();
  (void)tsc_time();  // its origin
  Search search(bench, out);
  if (Status done = search.run(); !done) return done;
  search.tell_best();
  return success();
}

}  // namespace mirrorscan::bench
