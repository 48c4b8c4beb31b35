#include "bench/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "bench/fed.h"
#include "bench/ideal_loop.h"
#include "bench/machine.h"
#include "bench/mbuf_chunk.h"
#include "bench/scan_alone.h"
#include "bench/worker_pass.h"
#include "rules/load.h"
#include "worker/settings.h"

namespace mirrorscan::bench {
namespace {

/// Of one packet at a time, while what is fed is looked at.
constexpr unsigned kLookMbufs = 127;

[[nodiscard]] Result<std::shared_ptr<const ruleset::Ruleset>> all_in_one(
    const std::vector<Literal>& literals) {
  auto loaded = rules::load_text("literals", rules_of(literals, RuleProtocol::tcp), {}, {});
  if (!loaded) return loaded.error();
  return std::shared_ptr<const ruleset::Ruleset>(std::move(loaded.value().ruleset));
}

/// What takes turns.
struct Rivals {
  std::shared_ptr<const ruleset::Ruleset> one_database;
  std::unique_ptr<ScanAlone> scan_alone;
  std::unique_ptr<ScanByProtocol> scan_by_protocol;
};

[[nodiscard]] const match::Database& streams_of(const ruleset::Ruleset& rules) {
  return rules.scan(ruleset::ScanKind::tcp_stream, Direction::to_server).triggered;
}

[[nodiscard]] Result<Rivals> make_rivals(const RulesInUse& rules, const FedTraffic& traffic, Flags& flags) {
  Rivals out;
  if (rules.empty() || traffic.payloads().empty()) return out;
  auto by_protocol = ScanByProtocol::make(*rules.ruleset, traffic);
  if (!by_protocol) return by_protocol.error();
  out.scan_by_protocol = std::move(by_protocol).value();
  const std::vector<Literal> literals = rules.literals.empty() ? literals_of(*rules.ruleset) : rules.literals;
  if (literals.empty()) return out;
  auto one = all_in_one(literals);
  if (!one) return one.error();
  out.one_database = std::move(one).value();
  const match::Database& db = streams_of(*out.one_database);
  auto alone = ScanAlone::make(db, traffic);
  if (!alone) return alone.error();
  out.scan_alone = std::move(alone).value();
  const auto once = tells_once(db, literals.front().bytes);
  if (!once) return once.error();
  flags.raise_if(once.value(), kSingleMatchFlags);
  return out;
}

struct Round {
  Figures figures;
  double worker_gbit = 0, worker_kpps = 0, worker_cycles = 0;
  std::uint64_t alerts = 0;
};

/// Longer than any flow, hole or duplicate is remembered.
constexpr Duration kLongAfter = Duration::seconds(13 * 86'400);

/// A fresh worker sees the capture twice: first to touch its memory, as a daemon's is after a while, then,
/// when all of its flows have ended and long after, to be timed.
[[nodiscard]] Status worker_round(const StoredFrames& frames, const InspectOptions& options,
                                  const RulesInUse& rules, MbufChunk& chunk, Round& round, Flags& flags) {
  const std::uint64_t rss = rss_bytes();
  auto made = WorkerPass::make({options.config, rules.ruleset, options.burst});
  if (!made) return made.error();
  WorkerPass& pass = *made.value();
  StoredSource once(frames), again(frames);
  pass.feed(once, chunk);
  const double first_cycles = cycles_per_packet({}, pass.counts());
  (void)pass.finish();
  const PassCounts from = pass.counts();
  pass.delay(kLongAfter);
  pass.feed(again, chunk);
  const StageCosts fed_stages = pass.counts().stages;
  const double finish_seconds = pass.finish();
  PassCounts to = pass.counts();
  to.stages = fed_stages;
  flags.raise_if(overloaded(to.counters), kWorkerOverloaded);
  flags.raise_if(!pass.balances() || !chunk.all_back(), kUnbalancedLedger);
  flags.raise_if(to.alerts != 2 * from.alerts, kUnequalPasses);
  Figures worker = worker_figures(from, to);
  worker.number("first_cycles_per_packet", first_cycles).number("finish_seconds", finish_seconds);
  worker.count("rss_bytes", rss_bytes()).count("rss_growth_bytes", rss_bytes() - std::min(rss, rss_bytes()));
  round.worker_gbit = worker.number_at("payload_gbit_per_s");
  round.worker_kpps = worker.number_at("kpps");
  round.worker_cycles = worker.number_at("cycles_per_packet");
  round.alerts = to.alerts - from.alerts;
  round.figures.object("worker", std::move(worker));
  return success();
}

/// As worker_round(), with several workers.
[[nodiscard]] Status team_round(const StoredFrames& frames, const std::vector<std::uint8_t>& arrivals,
                                const InspectOptions& options, const RulesInUse& rules, MbufChunk& chunk,
                                Round& round, Flags& flags) {
  auto made = TeamPass::make({options.config, rules.ruleset, options.burst}, options.workers);
  if (!made) return made.error();
  TeamPass& team = *made.value();
  team.feed(frames, arrivals, chunk);
  team.finish();
  const PassCounts from = team.counts();
  const std::uint64_t wall = team.wall_cycles(), handed_over = team.handed_over();
  team.delay(kLongAfter);
  team.feed(frames, arrivals, chunk);
  const StageCosts fed_stages = team.counts().stages;
  team.finish();
  PassCounts to = team.counts();
  to.stages = fed_stages;
  flags.raise_if(overloaded(to.counters), kWorkerOverloaded);
  flags.raise_if(!team.balances() || !chunk.all_back(), kUnbalancedLedger);
  Figures worker = worker_figures(from, to);
  const auto packets = static_cast<double>(to.packets - from.packets);
  worker.count("workers", options.workers).truth("parallel", team.parallel());
  worker.number("handed_over_share", static_cast<double>(team.handed_over() - handed_over) / packets);
  worker.number("wall_kpps", packets * tsc_hz() / static_cast<double>(team.wall_cycles() - wall) / 1e3);
  round.worker_gbit = worker.number_at("payload_gbit_per_s");
  round.worker_kpps = worker.number_at("wall_kpps");
  round.worker_cycles = worker.number_at("cycles_per_packet");
  round.alerts = to.alerts - from.alerts;
  round.figures.object("worker", std::move(worker));
  round.figures.none("scan_alone").none("scan_by_protocol").none("ideal");
  return success();
}

[[nodiscard]] std::string line_of(const Round& round) {
  std::string line = fmt::format("{:.0f} kpps, {:.2f} Gbit/s of payload, {:.0f} cycles a packet, {} alerts",
                                 round.worker_kpps, round.worker_gbit, round.worker_cycles, round.alerts);
  for (const char* share : {"share_of_scan_alone", "share_of_scan_by_protocol", "share_of_ideal"})
    if (const double value = round.figures.number_at(share); value > 0)
      line += fmt::format(", {} {:.2f}", share, value);
  return line;
}

void scan_rounds(const Rivals& rivals, Round& round) {
  if (rivals.scan_alone) {
    const ScanCount count = rivals.scan_alone->scan();
    const match::Database& db = streams_of(*rivals.one_database);
    Figures figures = scan_figures(count);
    figures.count("stream_state_bytes", db.stream_bytes).count("patterns", db.first_use.size() - 1);
    round.figures.object("scan_alone", std::move(figures));
    round.figures.number("share_of_scan_alone", round.worker_gbit / payload_gbit_per_s(count));
  } else {
    round.figures.none("scan_alone");
  }
  if (!rivals.scan_by_protocol) {
    round.figures.none("scan_by_protocol");
    return;
  }
  const ScanCount count = rivals.scan_by_protocol->scan();
  Figures figures = scan_figures(count);
  figures.count("stream_state_bytes", rivals.scan_by_protocol->stream_state_bytes());
  round.figures.object("scan_by_protocol", std::move(figures));
  round.figures.number("share_of_scan_by_protocol", round.worker_gbit / payload_gbit_per_s(count));
}

[[nodiscard]] Status ideal_round(const StoredFrames& frames, const RulesInUse& rules, std::uint64_t flows,
                                 MbufChunk& chunk, Round& round) {
  auto ideal = IdealLoop::make(static_cast<std::uint32_t>(2 * flows + 16),
                               rules.empty() ? nullptr : rules.ruleset.get());
  if (!ideal) return ideal.error();
  StoredSource source(frames);
  ideal.value()->feed(source, chunk);
  const IdealCounts& counts = ideal.value()->counts();
  round.figures.object("ideal", ideal_figures({}, counts));
  round.figures.number("share_of_ideal", cycles_per_packet({}, counts) / round.worker_cycles);
  return success();
}

[[nodiscard]] Status inspect_by_team(const StoredFrames& frames, const InspectOptions& options,
                                     const RulesInUse& rules, rte_mempool& look, Measurement& out) {
  auto chunk = MbufChunk::make(options.mbufs);
  if (!chunk) return chunk.error();
  const std::vector<std::uint8_t> arrivals =
      arrivals_of(frames, worker::Settings::from(options.config), options.workers, options.arrival, look);
  for (unsigned i = 0; i < options.rounds; ++i) {
    Round round;
    if (Status done = team_round(frames, arrivals, options, rules, chunk.value(), round, out.flags()); !done)
      return done;
    const std::string line = line_of(round);
    out.add_round(std::move(round.figures), line);
  }
  return success();
}

[[nodiscard]] Status inspect_beside_rivals(const StoredFrames& frames, const InspectOptions& options,
                                           const RulesInUse& rules, const FedTraffic& traffic,
                                           Measurement& out) {
  auto rivals = make_rivals(rules, traffic, out.flags());
  if (!rivals) return rivals.error();
  auto chunk = MbufChunk::make(options.mbufs);
  if (!chunk) return chunk.error();
  for (unsigned i = 0; i < options.rounds; ++i) {
    Round round;
    Status done = worker_round(frames, options, rules, chunk.value(), round, out.flags());
    if (!done) return done;
    scan_rounds(rivals.value(), round);
    done = ideal_round(frames, rules, traffic.flows(), chunk.value(), round);
    if (!done) return done;
    const std::string line = line_of(round);
    out.add_round(std::move(round.figures), line);
  }
  return success();
}

}  // namespace

Status inspect(const StoredFrames& frames, const InspectOptions& options, Measurement& out) {
  auto rules = load_rules(options.rules, options.config);
  if (!rules) return rules.error();
  auto look = engine::pool_of("look", kLookMbufs);
  if (!look) return look.error();
  const worker::Settings settings = worker::Settings::from(options.config);
  FedTraffic traffic(settings.decap, *look.value(), FedTraffic::Keep::payload);
  for (std::size_t i = 0; i < frames.size(); ++i) traffic.add(frames.at(i));
  raise_for_traffic(traffic, out.flags());
  out.figures().object("fed", traffic.figures());
  add_rules(out.figures(), options.rules, rules.value());
  if (options.workers > 1) return inspect_by_team(frames, options, rules.value(), *look.value(), out);
  return inspect_beside_rivals(frames, options, rules.value(), traffic, out);
}

}  // namespace mirrorscan::bench
