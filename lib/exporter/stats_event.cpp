#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "exporter/stats.h"
#include "exporter/text.h"

namespace mirrorscan::exporter {
namespace {

using Json = nlohmann::ordered_json;
using ledger::Amount;
using ledger::Counter;
using ledger::Counters;
using ledger::Ledger;
using ledger::PacketEnd;

/// Ends of packets that contradict themselves or are cut short: Suricata's decoder.invalid.
constexpr std::array kInvalid{
    PacketEnd::outer_truncated,
    PacketEnd::outer_bad_ip_header,
    PacketEnd::vxlan_truncated,
    PacketEnd::vxlan_no_vni,
    PacketEnd::geneve_truncated,
    PacketEnd::geneve_bad_version,
    PacketEnd::geneve_bad_options,
    PacketEnd::inner_truncated,
    PacketEnd::inner_bad_ip_header,
    PacketEnd::inner_bad_extension_chain,
    PacketEnd::inner_bad_transport_header,
};

/// What the whole machine counted: the source of Suricata's numbers.
struct Totals {
  Ledger ledger;
  Counters counters;
};

// --- Suricata's names --------------------------------------------------------------------------------------

std::uint64_t packets_at(const Ledger& ledger, PacketEnd end) {
  return ledger.ends[static_cast<std::size_t>(end)].packets;
}

std::uint64_t invalid_packets(const Ledger& ledger) {
  std::uint64_t sum = 0;
  for (const PacketEnd end : kInvalid) sum += packets_at(ledger, end);
  return sum;
}

/// Packets whose VXLAN header was read: all but those that ended before it.
std::uint64_t vxlan_packets(const Ledger& ledger) {
  std::uint64_t before = 0;
  for (auto i = static_cast<std::size_t>(PacketEnd::outer_truncated);
       i <= static_cast<std::size_t>(PacketEnd::geneve_not_vxlan); ++i)
    before += ledger.ends[i].packets;
  return ledger.received.packets - std::min(before, ledger.received.packets);
}

Json capture_of(const StatsSnapshot& snapshot, const Ledger& ledger) {
  std::uint64_t received = 0, lost = 0;
  for (const PortStats& port : snapshot.ports) {
    received += port.received;
    lost += port.missed + port.no_mbuf;
  }
  if (snapshot.ports.empty()) received = ledger.received.packets;
  return {{"kernel_packets", received + lost}, {"kernel_drops", lost}};
}

Json decoder_of(const Ledger& ledger) {
  return {{"pkts", ledger.received.packets},    {"bytes", ledger.received.bytes},
          {"invalid", invalid_packets(ledger)}, {"ipv4", ledger.ipv4_packets},
          {"ipv6", ledger.ipv6_packets},        {"tcp", ledger.tcp_packets},
          {"udp", ledger.udp_packets},          {"sctp", ledger.sctp_packets},
          {"icmpv4", ledger.icmp_packets},      {"icmpv6", ledger.icmpv6_packets},
          {"vlan", ledger.outer_vlan_packets},  {"vxlan", vxlan_packets(ledger)},
          {"geneve", ledger.geneve_packets}};
}

Json tcp_of(const Counters& counters) {
  return {{"sessions", counters[Counter::tcp_sessions]},
          {"midstream_pickups", counters[Counter::tcp_midstream]},
          {"segment_memcap_drop", counters[Counter::segments_budget]},
          {"reassembly_gap", counters[Counter::tcp_gaps]},
          {"overlap_diff_data", counters[Counter::tcp_overlap_differs]}};
}

Json flow_of(const Counters& counters) {
  return {{"total", counters[Counter::flows_created]},
          {"active", counters[Counter::flows_active]},
          {"tcp_reuse", counters[Counter::tcp_tuple_reused]}};
}

Json defrag_of(const Totals& totals) {
  return {{"fragments", totals.ledger.fragments},
          {"reassembled", totals.counters[Counter::datagrams_reassembled]},
          {"max_frag_hits", totals.counters[Counter::fragments_budget]}};
}

Json detect_of(const StatsSnapshot& snapshot, const Totals& totals) {
  const Counters& counters = totals.counters;
  const std::uint64_t suppressed =
      counters[Counter::alerts_suppressed_in_window] + counters[Counter::alert_rate_suppressed];
  Json engine{{"id", 0}, {"rules_loaded", snapshot.rules_loaded}, {"rules_failed", snapshot.rules_failed}};
  return {{"engines", Json::array({std::move(engine)})},
          {"alert", totals.ledger.alerts},
          {"alert_queue_overflow", counters[Counter::matches_per_packet_budget]},
          {"alerts_suppressed", suppressed}};
}

// --- The object `mirror` -----------------------------------------------------------------------------------

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

Json vni_of(const VniStats& stats) {
  Json out{{"name", name_of(stats)}};
  if (stats.kind == VniKind::vni) {
    out["vni"] = stats.vni;
    out["tenant"] = stats.tenant.empty() ? name_of(stats) : stats.tenant;
  }
  put_ledger(out, stats.ledger);
  return out;
}

/// A capture has a name and what was read of it; a device more.
Json port_of(const PortStats& port) {
  Json out{
      {"name", port.name}, {"received", port.received}, {"missed", port.missed}, {"no_mbuf", port.no_mbuf}};
  if (port.driver.empty()) return out;
  out["bytes"] = port.bytes;
  out["errors"] = port.errors;
  out["driver"] = port.driver;
  out["queues"] = port.queues;
  out["mtu"] = port.mtu;
  out["state"] = port.state;
  out["refused"] = Json::array();
  for (const PortRefusal& refusal : port.refused)
    out["refused"].push_back({{"operation", refusal.operation}, {"reason", refusal.reason}});
  out["named"] = Json::object();
  for (const auto& [name, value] : port.named) out["named"][name] = value;
  return out;
}

Json exporter_of(const ExporterStats& stats) {
  Json out{{"failed", stats.failed}, {"skipped_stats", stats.skipped_stats}};
  if (!stats.last_error.empty()) out["last_error"] = stats.last_error;
  return out;
}

Json mirror_of(const StatsSnapshot& snapshot, const Totals& totals) {
  Json total = Json::object();
  put_ledger(total, totals.ledger);
  Json mirror{{"balanced", balanced(snapshot)},
              {"coverage_pct", two_decimals(totals.ledger.coverage_pct())},
              {"total", std::move(total)},
              {"counters", counters_of(totals.counters)}};
  mirror["lcores"] = Json::array();
  for (const LcoreStats& lcore : snapshot.lcores) mirror["lcores"].push_back(lcore_of(lcore));
  mirror["vnis"] = Json::array();
  for (const VniStats& vni : snapshot.vnis) mirror["vnis"].push_back(vni_of(vni));
  mirror["ports"] = Json::array();
  for (const PortStats& port : snapshot.ports) mirror["ports"].push_back(port_of(port));
  mirror["exporter"] = exporter_of(snapshot.exporter);
  return mirror;
}

}  // namespace

void append_stats_line(const StatsSnapshot& snapshot, Schema schema, std::string& out) {
  const Totals totals{total_ledger(snapshot), total_counters(snapshot)};
  Json event{{"timestamp", time_text(snapshot.time)}, {"event_type", "stats"}};
  event["stats"] = {{"uptime", snapshot.uptime_s},          {"capture", capture_of(snapshot, totals.ledger)},
                    {"decoder", decoder_of(totals.ledger)}, {"tcp", tcp_of(totals.counters)},
                    {"flow", flow_of(totals.counters)},     {"defrag", defrag_of(totals)},
                    {"detect", detect_of(snapshot, totals)}};
  if (schema == Schema::mirror) event["mirror"] = mirror_of(snapshot, totals);
  out += event.dump(-1, ' ', false, Json::error_handler_t::replace);
  out += '\n';
}

}  // namespace mirrorscan::exporter
