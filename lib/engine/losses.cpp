#include "engine/losses.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ledger/lost_ends.h"

namespace mirrorscan::engine {
namespace {

using exporter::StatsSnapshot;
using ledger::Counter;
using ledger::PacketEnd;

constexpr std::array kSpentBudgets{Counter::flows_evicted,
                                   Counter::segments_budget,
                                   Counter::streams_budget,
                                   Counter::windows_budget,
                                   Counter::triggers_evicted,
                                   Counter::vni_table_budget,
                                   Counter::alert_memory_budget,
                                   Counter::flow_variables_budget,
                                   Counter::host_states_evicted,
                                   Counter::host_matches_lost,
                                   Counter::rules_suspended,
                                   Counter::records_lost,
                                   Counter::evaluation_steps_exhausted,
                                   Counter::pcre_limit,
                                   Counter::matches_per_packet_budget,
                                   Counter::second_versions_budget};

[[nodiscard]] std::uint64_t grown(std::uint64_t before, std::uint64_t now) {
  return now > before ? now - before : 0;
}

void add_packets(const StatsSnapshot& before, const StatsSnapshot& now, std::vector<std::string>& out) {
  const ledger::Ledger old = total_ledger(before), fresh = total_ledger(now);
  for (const PacketEnd end : ledger::kLostEnds) {
    const auto i = static_cast<std::size_t>(end);
    if (const std::uint64_t lost = grown(old.ends[i].packets, fresh.ends[i].packets); lost > 0)
      out.push_back(fmt::format("{} packets ended as {}: {}", lost, ledger::name_of(end),
                                ledger::kPacketEndTexts[i].sentence));
  }
  if (const std::uint64_t cut = grown(old.cut_packets, fresh.cut_packets); cut > 0)
    out.push_back(
        fmt::format("cut_packets grew by {}: frames larger than their port's buffers, cut by it", cut));
}

void add_budgets(const StatsSnapshot& before, const StatsSnapshot& now, std::vector<std::string>& out) {
  const ledger::Counters old = total_counters(before), fresh = total_counters(now);
  for (const Counter counter : kSpentBudgets) {
    const ledger::CounterText& text = ledger::kCounterTexts[static_cast<std::size_t>(counter)];
    if (const std::uint64_t more = grown(old[counter], fresh[counter]); more > 0)
      out.push_back(fmt::format("{} grew by {}: {}", text.name, more, text.sentence));
  }
}

void add_ports(const StatsSnapshot& before, const StatsSnapshot& now, std::vector<std::string>& out) {
  for (const exporter::PortStats& port : now.ports) {
    const auto same = std::find_if(before.ports.begin(), before.ports.end(),
                                   [&](const exporter::PortStats& p) { return p.name == port.name; });
    const exporter::PortStats old = same == before.ports.end() ? exporter::PortStats{} : *same;
    if (port.missed > old.missed)
      out.push_back(fmt::format("port {} missed {} packets: its receive queues were full", port.name,
                                port.missed - old.missed));
    if (port.no_mbuf > old.no_mbuf)
      out.push_back(
          fmt::format("port {} found no packet buffer {} times", port.name, port.no_mbuf - old.no_mbuf));
    if (port.errors > old.errors)
      out.push_back(fmt::format("port {} counted {} receive errors", port.name, port.errors - old.errors));
  }
}

void add_sinks(const StatsSnapshot& before, const StatsSnapshot& now, std::vector<std::string>& out) {
  for (const exporter::SinkStats& sink : now.sinks) {
    const auto same = std::find_if(before.sinks.begin(), before.sinks.end(),
                                   [&](const exporter::SinkStats& s) { return s.name == sink.name; });
    const std::uint64_t old = same == before.sinks.end() ? 0 : same->lost_events;
    if (sink.lost_events > old)
      out.push_back(fmt::format("{} {} lost {} events: {}", sink.kind, sink.name, sink.lost_events - old,
                                sink.last_error.empty() ? "it had no room" : sink.last_error));
  }
}

}  // namespace

std::vector<std::string> new_losses(const StatsSnapshot& before, const StatsSnapshot& now) {
  std::vector<std::string> out;
  add_ports(before, now, out);
  add_packets(before, now, out);
  add_budgets(before, now, out);
  add_sinks(before, now, out);
  return out;
}

void keep_silent_lcores(const StatsSnapshot& before, StatsSnapshot& now) {
  for (const exporter::LcoreStats& old : before.lcores) {
    const auto same = [&](const exporter::LcoreStats& fresh) { return fresh.lcore == old.lcore; };
    if (std::none_of(now.lcores.begin(), now.lcores.end(), same)) now.lcores.push_back(old);
  }
}

std::string nothing_mirrored(const StatsSnapshot& now, std::uint64_t least) {
  std::uint64_t received = 0, mirrored = 0;
  for (const exporter::VniStats& vni : now.vnis) {
    received += vni.ledger.received.packets;
    if (vni.kind != exporter::VniKind::none) mirrored += vni.ledger.received.packets;
  }
  if (received < least || mirrored > 0) return {};
  return fmt::format(
      "none of {} packets was mirrored traffic: it comes in VXLAN or GENEVE, to the ports in "
      "decap.vxlan_ports "
      "and decap.geneve_ports",
      received);
}

}  // namespace mirrorscan::engine
