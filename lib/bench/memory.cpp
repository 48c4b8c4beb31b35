#include "bench/memory.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "bench/budgets.h"
#include "bench/machine.h"
#include "bench/mbuf_chunk.h"
#include "bench/pipeline.h"
#include "bench/steady_traffic.h"
#include "bench/worker_pass.h"

namespace mirrorscan::bench {
namespace {

struct Growth {
  std::uint64_t before = 0, made = 0, tracked = 0, streamed = 0;
  ledger::Counters counters;
};

[[nodiscard]] Result<Growth> grow(const MemoryOptions& options, const RulesInUse& rules, MbufChunk& chunk,
                                  Flags& flags) {
  SteadyTraffic traffic({.flows = options.flows,
                         .transport = Transport::tcp,
                         .inner_bytes = 594,
                         .order = SteadyOrder::each_direction_once});
  Growth rss;
  rss.before = rss_bytes();
  auto pass = WorkerPass::make({options.config, rules.ruleset, 32});
  if (!pass) return pass.error();
  rss.made = rss_bytes();
  pass.value()->feed(traffic, chunk, traffic.setup_packets());
  rss.tracked = rss_bytes();
  pass.value()->feed(traffic, chunk, 2 * options.flows);
  rss.streamed = rss_bytes();
  const PassCounts counts = pass.value()->counts();
  rss.counters = counts.counters;
  flags.raise_if(overloaded(counts.counters), kWorkerOverloaded);
  flags.raise_if(counts.counters[ledger::Counter::flows_active] != options.flows, kWorkerOverloaded);
  flags.raise_if(!pass.value()->balances(), kUnbalancedLedger);
  (void)pass.value()->finish();  // only flows that have ended give their stream back to the pool
  return rss;
}

[[nodiscard]] Figures per_direction(const Growth& rss, const config::Config& config, std::uint64_t flows,
                                    std::uint64_t stream_bytes) {
  const auto directions = static_cast<double>(2 * flows);
  const FlowBytes flow = flow_bytes(config);
  const double parts = static_cast<double>(flow.record + flow.timer + flow.index + flow.state) / 2;
  Figures out;
  out.number("measured", static_cast<double>(rss.streamed - rss.before) / directions);
  out.number("tracking_and_streams", static_cast<double>(rss.tracked - rss.before) / directions);
  out.number("computed", parts + static_cast<double>(stream_bytes));
  out.number("record", static_cast<double>(flow.record) / 2)
      .number("timer", static_cast<double>(flow.timer) / 2);
  out.number("index", static_cast<double>(flow.index) / 2)
      .number("flow_state", static_cast<double>(flow.state) / 2);
  return std::move(out.count("stream_state", stream_bytes));
}

}  // namespace

Status memory(const MemoryOptions& options, Measurement& out) {
  auto rules = load_rules(options.rules, options.config);
  if (!rules) return rules.error();
  auto chunk = MbufChunk::make(options.mbufs);
  if (!chunk) return chunk.error();
  MemoryOptions used = options;
  used.config = with_room_for(options.config, options.flows, rules.value());
  auto rss = grow(used, rules.value(), chunk.value(), out.flags());
  if (!rss) return rss.error();
  const auto& streams = rules.value().ruleset->scan(ruleset::ScanKind::tcp_stream, Direction::to_server);
  const std::uint64_t stream_bytes = streams.triggered.stream_bytes;
  Figures& figures = out.figures();
  figures.count("flows", options.flows).count("directions", 2 * options.flows);
  add_rules(figures, options.rules, rules.value());
  figures.count("rss_before", rss.value().before).count("rss_made", rss.value().made);
  figures.count("rss_tracked", rss.value().tracked).count("rss_streamed", rss.value().streamed);
  Figures bytes = per_direction(rss.value(), used.config, options.flows, stream_bytes);
  const double measured = bytes.number_at("tracking_and_streams"), computed = bytes.number_at("computed");
  figures.object("bytes_per_direction", std::move(bytes));
  figures.object("counters", counter_figures({}, rss.value().counters));
  figures.object("budgets", budget_figures(used.config, stream_bytes));
  figures.object("budgets_default", budget_figures(options.config, stream_bytes));
  std::fprintf(stderr, "%.0f bytes a direction without windows, %.0f as computed\n", measured, computed);
  return success();
}

}  // namespace mirrorscan::bench
