#include "sender/summary.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace mirrorscan::sender {
namespace {

[[nodiscard]] double us(std::uint64_t ns) {
  return static_cast<double>(ns) / 1e3;
}

[[nodiscard]] double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void add_packets(Report& report, const OutputCounts& counts, const Output& output) {
  std::vector<Figure> figures{
      {"to", output.name()},         {"made", counts.made},           {"sent", counts.sent},
      {"sent_bytes", counts.bytes},  {"dropped", counts.dropped},     {"no_buffer", counts.no_buffer},
      {"too_long", counts.too_long}, {"discarded", counts.discarded},
  };
  for (Figure& fact : output.facts()) figures.push_back(std::move(fact));
  report.add("packets", std::move(figures));
}

[[nodiscard]] std::vector<Figure> deviation(const IntervalDeviation& of) {
  const Histogram& ppm = of.ppm();
  return {{"intervals", ppm.count()},
          {"mean_percent", ppm.mean() / 1e4},
          {"p99_percent", static_cast<double>(ppm.value_at(0.99)) / 1e4},
          {"max_percent", static_cast<double>(ppm.most()) / 1e4}};
}

void add_rate(Report& report, const Outcome& outcome) {
  const bool paced = outcome.pace == Pace::nominal;
  std::vector<Figure> figures{{"paced", paced}, {"achieved_pps", outcome.achieved_rate()}};
  if (paced) figures.push_back({"asked_pps", outcome.asked_rate()});
  figures.push_back({"seconds", static_cast<double>(outcome.elapsed_ns) / 1e9});
  figures.push_back({"rate_not_reached", outcome.rate_not_reached()});
  report.add("rate", std::move(figures));
  if (!paced) return;
  report.add("deviation.of_10_ms", deviation(outcome.accuracy.of_10_ms()));
  report.add("deviation.of_1_s", deviation(outcome.accuracy.of_1_s()));
  const Histogram& late = outcome.accuracy.lateness_ns();
  report.add("lateness", {{"p50_us", us(late.value_at(0.5))},
                          {"p99_us", us(late.value_at(0.99))},
                          {"p99_9_us", us(late.value_at(0.999))},
                          {"max_us", us(late.most())},
                          {"at_the_end_us", us(outcome.behind_ns)}});
}

void add_cost(Report& report, const Outcome& outcome) {
  const Cost& cost = outcome.cost;
  const std::uint64_t packets = outcome.counts.made;
  const double making = share(cost.planning + cost.making, packets);
  report.add("cost", {{"planning_cycles_a_packet", share(cost.planning, packets)},
                      {"making_cycles_a_packet", share(cost.making, packets)},
                      {"sending_cycles_a_packet", share(cost.sending, packets)},
                      {"waiting_cycles_a_packet", share(cost.waiting, packets)},
                      {"cycles_a_second", outcome.tick_hz},
                      {"can_make_pps", making > 0 ? outcome.tick_hz / making : 0}});
}

[[nodiscard]] std::vector<Figure> figures_of(const KindCounts& counts) {
  return {
      {"packets", counts.packets}, {"payload_bytes", counts.payload_bytes}, {"openings", counts.openings}};
}

}  // namespace

void add_outcome(Report& report, const Outcome& outcome, const Output& output) {
  add_packets(report, outcome.counts, output);
  add_rate(report, outcome);
  add_cost(report, outcome);
  if (auto warning = output.warning()) report.warnings.push_back(std::move(*warning));
  if (outcome.counts.lost() > 0)
    report.warnings.push_back(fmt::format(
        "{} packets were made and not taken; no ground truth holds for this run", outcome.counts.lost()));
  if (outcome.rate_not_reached())
    report.warnings.push_back(
        fmt::format("the rate was not reached: {:.0f} packets/s of {:.0f}, {:.1f} ms late at the end; give "
                    "less, or --preload",
                    outcome.achieved_rate(), outcome.asked_rate(), us(outcome.behind_ns) / 1e3));
}

void add_plans(Report& report, const PlanCounts& counts, const traffic::Profile& profile) {
  for (std::size_t kind = 0; kind < traffic::kKinds; ++kind)
    if (counts.by_kind[kind].packets > 0)
      report.add("kinds." + std::string(traffic::name_of(static_cast<traffic::Kind>(kind))),
                 figures_of(counts.by_kind[kind]));
  if (counts.other.packets > 0) report.add("kinds.other", figures_of(counts.other));
  if (counts.attacks.packets > 0) report.add("attacks", figures_of(counts.attacks));
  constexpr std::size_t kVnisTold = 16;
  std::vector<Figure> vnis;
  for (std::size_t i = 0; i < counts.by_vni.size() && i < kVnisTold; ++i)
    vnis.push_back({std::to_string(profile.mirrors.first_vni + i), counts.by_vni[i]});
  if (profile.mirrors.encapsulated) report.add("vnis", std::move(vnis));
}

}  // namespace mirrorscan::sender
