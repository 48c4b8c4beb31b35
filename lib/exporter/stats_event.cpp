#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "exporter/mirror_stats.h"
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

}  // namespace

void append_stats_line(const StatsSnapshot& snapshot, Schema schema, std::string& out) {
  const Totals totals{total_ledger(snapshot), total_counters(snapshot)};
  Json event{{"timestamp", time_text(snapshot.time)}, {"event_type", "stats"}};
  event["stats"] = {{"uptime", snapshot.uptime_s},          {"capture", capture_of(snapshot, totals.ledger)},
                    {"decoder", decoder_of(totals.ledger)}, {"tcp", tcp_of(totals.counters)},
                    {"flow", flow_of(totals.counters)},     {"defrag", defrag_of(totals)},
                    {"detect", detect_of(snapshot, totals)}};
  if (schema == Schema::mirror) event["mirror"] = mirror_stats(snapshot);
  out += event.dump(-1, ' ', false, Json::error_handler_t::replace);
  out += '\n';
}

}  // namespace mirrorscan::exporter
