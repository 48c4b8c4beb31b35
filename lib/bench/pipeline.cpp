#include "bench/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "bench/ideal_loop.h"
#include "bench/machine.h"
#include "bench/worker_pass.h"

namespace mirrorscan::bench {
namespace {

/// Fewer mbufs in turn than these stay in caches, and would make everything up to the flow table look free.
constexpr std::uint64_t kLeastColdPackets = 65'536;

constexpr std::uint32_t kSmallestWindow = 256;                ///< enough for rules of one literal
constexpr std::uint64_t kMostWindowBytes = (4ULL << 30) - 1;  ///< what the setting can say

struct Round {
  Figures figures, fed;
  double worker_cycles = 0, ideal_cycles = 0;
};

[[nodiscard]] Status worker_round(const PipelineOptions& options, const RulesInUse& rules, MbufChunk& chunk,
                                  Round& round, Flags& flags) {
  SteadyTraffic traffic(options.traffic);
  auto made = WorkerPass::make({options.config, rules.ruleset, options.burst});
  if (!made) return made.error();
  WorkerPass& pass = *made.value();
  const std::uint64_t rss = rss_bytes();
  pass.feed(traffic, chunk, traffic.setup_packets() + options.untimed_packets);
  const std::uint64_t flows_begun = traffic.flows_begun();
  const PassCounts from = pass.counts();
  pass.feed(traffic, chunk, options.packets);
  const PassCounts to = pass.counts();
  flags.raise_if(overloaded(to.counters), kWorkerOverloaded);
  flags.raise_if(!pass.balances() || !chunk.all_back(), kUnbalancedLedger);
  Figures worker = worker_figures(from, to);
  worker.number("setup_cycles_per_packet", cycles_per_packet({}, from));
  worker.count("rss_bytes", rss_bytes()).count("rss_growth_bytes", rss_bytes() - std::min(rss, rss_bytes()));
  round.worker_cycles = cycles_per_packet(from, to);
  round.figures.object("worker", std::move(worker));
  round.fed.count("packets", to.packets - from.packets).count("flows", options.traffic.flows);
  round.fed.count("outer_bytes", to.outer_bytes - from.outer_bytes);
  round.fed.count("payload_bytes", to.ledger.payload_received - from.ledger.payload_received);
  round.fed.count("new_flows", traffic.flows_begun() - flows_begun);
  return success();
}

[[nodiscard]] Status ideal_round(const PipelineOptions& options, const RulesInUse& rules, MbufChunk& chunk,
                                 Round& round) {
  SteadyTraffic traffic(options.traffic);
  const auto directions = static_cast<std::uint32_t>(2 * options.config.flow.max_flows);
  auto ideal = IdealLoop::make(directions, rules.empty() ? nullptr : rules.ruleset.get());
  if (!ideal) return ideal.error();
  ideal.value()->feed(traffic, chunk, traffic.setup_packets() + options.untimed_packets);
  const IdealCounts from = ideal.value()->counts();
  ideal.value()->feed(traffic, chunk, options.packets);
  const IdealCounts& to = ideal.value()->counts();
  round.ideal_cycles = cycles_per_packet(from, to);
  round.figures.object("ideal", ideal_figures(from, to));
  round.figures.number("share_of_ideal", round.ideal_cycles / round.worker_cycles);
  return success();
}

}  // namespace

config::Config with_room_for(config::Config config, std::uint64_t flows, const RulesInUse& rules) {
  const auto room = static_cast<std::uint32_t>(flows + flows / 64 + 1'024);
  config.flow.max_flows = std::max(config.flow.max_flows, room);
  if (rules.empty()) return config;
  config.stream.max_streams = std::max(config.stream.max_streams, 2 * room);
  config.detect.max_remembered_alerts = std::max(config.detect.max_remembered_alerts, room);
  // Half of it may go to windows that only serve comparing copies (StreamInspector::start).
  const std::uint64_t windows =
      std::min<std::uint64_t>(2 * (2ULL * room * kSmallestWindow), kMostWindowBytes);
  config.detect.max_window_bytes =
      std::max(config.detect.max_window_bytes, static_cast<std::uint32_t>(windows));
  return config;
}

namespace {

/// Flows that nothing is said of any more end while it is timed, as many as begin: their timeout is short,
/// and what is timed begins two timeouts after the first new flow. A flow that is still there is drawn some
/// kDrawsATimeout times in one, so that hardly any of those ends. Timed is a second at least, since timers
/// have ticks of one.
[[nodiscard]] PipelineOptions with_ends(PipelineOptions options) {
  constexpr double kDrawsATimeout = 15;
  const double rate = options.traffic.packet_rate;
  const double idle_s = kDrawsATimeout * static_cast<double>(options.traffic.flows) / rate;
  const auto timeout_s = static_cast<std::uint32_t>(std::ceil(std::max(idle_s, 1.0)));
  config::Flow& flow = options.config.flow;
  flow.udp_new_timeout_s = flow.udp_established_timeout_s = timeout_s;
  flow.tcp_new_timeout_s = flow.tcp_established_timeout_s = timeout_s;
  // All that end in one second do so in one burst, and the ring is emptied between bursts.
  const auto ends = static_cast<std::uint32_t>(2 * options.traffic.new_flows_per_s);
  options.config.output.ring_records = std::max(options.config.output.ring_records, ends);
  options.untimed_packets = static_cast<std::uint64_t>(rate * 2 * timeout_s);
  options.packets = std::max(options.packets, static_cast<std::uint64_t>(rate));
  return options;
}

}  // namespace

Status pipeline(const PipelineOptions& options, Measurement& out) {
  auto rules = load_rules(options.rules, options.config);
  if (!rules) return rules.error();
  add_rules(out.figures(), options.rules, rules.value());
  auto chunk = MbufChunk::make(options.mbufs);
  if (!chunk) return chunk.error();
  out.flags().raise_if(std::min<std::uint64_t>(options.packets, options.mbufs) < kLeastColdPackets,
                       kSmallCapture);

  PipelineOptions used = options.traffic.new_flows_per_s > 0 ? with_ends(options) : options;
  const double seconds =
      static_cast<double>(used.packets + used.untimed_packets) / options.traffic.packet_rate;
  const auto more = static_cast<std::uint64_t>(options.traffic.new_flows_per_s * seconds);
  used.config = with_room_for(used.config, options.traffic.flows + more, rules.value());
  for (unsigned i = 0; i < options.rounds; ++i) {
    Round round;
    Status done = worker_round(used, rules.value(), chunk.value(), round, out.flags());
    if (!done) return done;
    done = ideal_round(used, rules.value(), chunk.value(), round);
    if (!done) return done;
    out.figures().object("fed", std::move(round.fed));
    const std::string line =
        fmt::format("{:.0f} cycles a packet, ideal {:.0f}, share {:.2f}", round.worker_cycles,
                    round.ideal_cycles, round.ideal_cycles / round.worker_cycles);
    out.add_round(std::move(round.figures), line);
  }
  return success();
}

}  // namespace mirrorscan::bench
