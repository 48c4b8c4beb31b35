#include "exporter/mirror_stats.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mirrorscan::exporter {
namespace {

using Json = nlohmann::ordered_json;
using ledger::Amount;
using ledger::Counters;
using ledger::Ledger;
using ledger::PacketEnd;

/// Of `vnis` and of `tenants`. Whoever can send to the sensor can make up VNIs: a row has 3 KB, and an event
/// that is larger than the JSON ring takes would be lost each time.
constexpr std::size_t kMostRows = 256;

Json amount_of(const Amount& amount) {
  return {{"packets", amount.packets}, {"bytes", amount.bytes}};
}

Json packets_of(const Ledger& ledger) {
  Json ends = Json::object();
  for (const auto& text : ledger::kPacketEndTexts)
    if (text.id != PacketEnd::none)
      ends[text.name] = amount_of(ledger.ends[static_cast<std::size_t>(text.id)]);
  return {{"received", amount_of(ledger.received)},
          {"handed_in", amount_of(ledger.handed_in)},
          {"handed_out", amount_of(ledger.handed_out)},
          {"steered_in", amount_of(ledger.steered_in)},
          {"steered_out", amount_of(ledger.steered_out)},
          {"held_defrag", amount_of(ledger.held_defrag)},
          {"ends", std::move(ends)}};
}

Json payload_of(const Ledger& ledger) {
  Json ends = Json::object();
  for (const auto& text : ledger::kPayloadEndTexts)
    ends[text.name] = ledger.payload[static_cast<std::size_t>(text.id)];
  return {{"received", ledger.payload_received},
          {"handed_in", ledger.payload_handed_in},
          {"handed_out", ledger.payload_handed_out},
          {"steered_in", ledger.payload_steered_in},
          {"steered_out", ledger.payload_steered_out},
          {"held_defrag", ledger.payload_held_defrag},
          {"held_reassembly", ledger.payload_held_reassembly},
          {"ends", std::move(ends)}};
}

/// Rounded down: 100 means all of it.
double two_decimals(double percent) {
  return std::floor(percent * 100) / 100;
}

void put_ledger(Json& out, const Ledger& ledger) {
  out["balanced"] = ledger.balances();
  out["coverage_pct"] = two_decimals(ledger.coverage_pct());
  out["packets"] = packets_of(ledger);
  out["payload"] = payload_of(ledger);
  out["missing"] = {
      {"truncated", ledger.missing_truncated}, {"cut", ledger.missing_cut}, {"gap", ledger.missing_gap}};
  out["alerts"] = ledger.alerts;
  out["truncated_packets"] = ledger.truncated_packets;
  out["cut_packets"] = ledger.cut_packets;
  out["other_packets"] = ledger.other_packets;
  out["vxlan_reserved_bits"] = ledger.vxlan_reserved_bits;
  out["geneve_unknown_options"] = ledger.geneve_unknown_options;
}

Json counters_of(const Counters& counters) {
  Json out = Json::object();
  for (const auto& text : ledger::kCounterTexts) out[text.name] = counters[text.id];
  return out;
}

Json lcore_of(const LcoreStats& stats) {
  Json out{{"lcore", stats.lcore}};
  put_ledger(out, stats.ledger);
  out["counters"] = counters_of(stats.counters);
  return out;
}

std::string tenant_of(const VniStats& stats) {
  return stats.tenant.empty() ? name_of(stats) : stats.tenant;
}

Json vni_of(const VniStats& stats) {
  Json out{{"name", name_of(stats)}};
  if (stats.kind == VniKind::vni) {
    out["vni"] = stats.vni;
    out["tenant"] = tenant_of(stats);
  }
  put_ledger(out, stats.ledger);
  return out;
}

/// The VNIs of one tenant together.
struct TenantStats {
  std::string name;
  std::vector<std::uint32_t> vnis;
  Ledger ledger;
};

/// In the order of their first VNI; what was refused before its VNI was known is no tenant's.
std::vector<TenantStats> tenants_of(const StatsSnapshot& snapshot) {
  std::vector<TenantStats> tenants;
  std::unordered_map<std::string, std::size_t> places;
  for (const VniStats& vni : snapshot.vnis) {
    if (vni.kind != VniKind::vni) continue;
    const auto [place, fresh] = places.try_emplace(tenant_of(vni), tenants.size());
    if (fresh) tenants.push_back({.name = place->first});
    TenantStats& tenant = tenants[place->second];
    tenant.vnis.push_back(vni.vni);
    tenant.ledger += vni.ledger;
  }
  return tenants;
}

Json tenant_json(const TenantStats& stats) {
  Json out{{"tenant", stats.name}, {"vnis", stats.vnis}};
  put_ledger(out, stats.ledger);
  return out;
}

/// Packets' refusals before their VNI was known, and those of all VNIs too many, are told always.
std::uint64_t weight_of(const VniStats& stats) {
  return stats.kind == VniKind::vni ? stats.ledger.received.packets : UINT64_MAX;
}
std::uint64_t weight_of(const TenantStats& stats) {
  return stats.ledger.received.packets;
}

/// The rows that received most, in their own order, and one row for what the others have together.
template <class Row>
Json busiest(const std::vector<Row>& rows, Json (*json_of)(const Row&)) {
  std::vector<const Row*> order;
  for (const Row& row : rows) order.push_back(&row);
  const auto told = order.begin() + static_cast<std::ptrdiff_t>(std::min(kMostRows, order.size()));
  std::ranges::nth_element(order, told, std::greater(), [](const Row* row) { return weight_of(*row); });
  std::sort(order.begin(), told);
  Json out = Json::array();
  for (auto row = order.begin(); row != told; ++row) out.push_back(json_of(**row));
  if (told == order.end()) return out;
  Ledger rest;
  for (auto row = told; row != order.end(); ++row) rest += (*row)->ledger;
  out.push_back({{"rest", order.end() - told}});
  put_ledger(out.back(), rest);
  return out;
}

void put_text(Json& out, const char* name, const std::string& text) {
  if (!text.empty()) out[name] = text;
}

void put_device(Json& out, const PortStats& port) {
  out["driver"] = port.driver;
  out["queues"] = port.queues;
  out["bytes"] = port.bytes;
  out["errors"] = port.errors;
  out["mtu"] = port.mtu;
  put_text(out, "state", port.state);
}

Json port_of(const PortStats& port) {
  Json out{
      {"name", port.name}, {"received", port.received}, {"missed", port.missed}, {"no_mbuf", port.no_mbuf}};
  if (!port.driver.empty()) put_device(out, port);
  for (const PortRefusal& refusal : port.refused)
    out["refused"].push_back({{"operation", refusal.operation}, {"reason", refusal.reason}});
  for (const auto& [name, count] : port.named) out["named"][name] = count;
  return out;
}

Json sink_of(const SinkStats& sink) {
  Json out{{"name", sink.name},
           {"kind", sink.kind},
           {"state", sink.state},
           {"written_events", sink.written_events},
           {"written_bytes", sink.written_bytes},
           {"lost_events", sink.lost_events},
           {"lost_bytes", sink.lost_bytes}};
  put_text(out, "last_error", sink.last_error);
  return out;
}

/// The costliest first. Where cycles cannot be read, the most often evaluated.
std::vector<const RuleStats*> costliest(const StatsSnapshot& snapshot) {
  std::vector<const RuleStats*> rules;
  for (const RuleStats& rule : snapshot.rules)
    if (rule.evaluations > 0) rules.push_back(&rule);
  const auto rank = [](const RuleStats* r) {
    return std::tuple(-r->cycles(), ~r->evaluations, r->gid, r->sid);
  };
  std::ranges::sort(rules, {}, rank);
  rules.resize(std::min<std::size_t>(rules.size(), snapshot.rules_told));
  return rules;
}

Json rule_of(const RuleStats& rule, double cycles_of_all) {
  Json out{{"sid", rule.sid},
           {"gid", rule.gid},
           {"evaluations", rule.evaluations},
           {"matches", rule.matches},
           {"alerts", rule.alerts}};
  if (rule.sampled_cycles == 0) return out;
  out["cycles_per_evaluation"] = std::llround(rule.cycles_per_evaluation());
  out["share_pct"] = two_decimals(100.0 * rule.cycles() / cycles_of_all);
  return out;
}

Json rules_of(const StatsSnapshot& snapshot) {
  const double cycles = std::accumulate(snapshot.rules.begin(), snapshot.rules.end(), 0.0,
                                        [](double sum, const RuleStats& r) { return sum + r.cycles(); });
  Json out = Json::array();
  for (const RuleStats* rule : costliest(snapshot)) out.push_back(rule_of(*rule, cycles));
  return out;
}

template <class Rows, class Row>
Json array_of(const Rows& rows, Row&& row) {
  Json out = Json::array();
  for (const auto& each : rows) out.push_back(row(each));
  return out;
}

Json exporter_of(const ExporterStats& stats) {
  Json out{{"failed", stats.failed}, {"skipped_stats", stats.skipped_stats}};
  put_text(out, "last_error", stats.last_error);
  return out;
}

}  // namespace

Json mirror_stats(const StatsSnapshot& snapshot) {
  const Ledger ledger = total_ledger(snapshot);
  Json total = Json::object();
  put_ledger(total, ledger);
  return {{"balanced", balanced(snapshot)},
          {"coverage_pct", two_decimals(ledger.coverage_pct())},
          {"total", std::move(total)},
          {"counters", counters_of(total_counters(snapshot))},
          {"lcores", array_of(snapshot.lcores, lcore_of)},
          {"vnis", busiest(snapshot.vnis, vni_of)},
          {"tenants", busiest(tenants_of(snapshot), tenant_json)},
          {"ports", array_of(snapshot.ports, port_of)},
          {"sinks", array_of(snapshot.sinks, sink_of)},
          {"exporter", exporter_of(snapshot.exporter)},
          {"rules", rules_of(snapshot)}};
}

}  // namespace mirrorscan::exporter
