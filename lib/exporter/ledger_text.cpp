#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>

#include "exporter/stats.h"

namespace mirrorscan::exporter {
namespace {

using ledger::Amount;
using ledger::Ledger;

using Out = std::back_insert_iterator<std::string>;

Amount ended(const Ledger& ledger) {
  Amount sum;
  for (std::size_t i = 1; i < ledger::kPacketEnds; ++i) sum += ledger.ends[i];
  return sum;
}

std::uint64_t disposed(const Ledger& ledger) {
  std::uint64_t sum = 0;
  for (const std::uint64_t bytes : ledger.payload) sum += bytes;
  return sum;
}

struct Term {
  std::uint64_t amount;
  std::string_view what;
};

/// "24 received + 2 steered in": the first term, and of the others those that are not 0.
std::string sum_of(std::initializer_list<Term> terms) {
  std::string out;
  for (const Term& term : terms)
    if (out.empty() || term.amount != 0)
      out += fmt::format("{}{} {}", out.empty() ? "" : " + ", term.amount, term.what);
  return out;
}

std::string packet_equation(const Ledger& ledger, std::uint64_t Amount::*unit) {
  return sum_of({{ledger.received.*unit, "received"},
                 {ledger.handed_in.*unit, "handed in"},
                 {ledger.steered_in.*unit, "steered in"}}) +
         " = " +
         sum_of({{ended(ledger).*unit, "ended"},
                 {ledger.handed_out.*unit, "handed out"},
                 {ledger.steered_out.*unit, "steered out"},
                 {ledger.held_defrag.*unit, "held"}});
}

std::string payload_equation(const Ledger& ledger) {
  return sum_of({{ledger.payload_received, "bytes received"},
                 {ledger.payload_handed_in, "handed in"},
                 {ledger.payload_steered_in, "steered in"}}) +
         " = " +
         sum_of({{disposed(ledger), "disposed of"},
                 {ledger.payload_handed_out, "handed out"},
                 {ledger.payload_steered_out, "steered out"},
                 {ledger.payload_held_defrag, "held by defrag"},
                 {ledger.payload_held_reassembly, "held by reassembly"}});
}

void put_packets(Out out, const Ledger& ledger) {
  fmt::format_to(out, "packets: {}\n  bytes: {}\n", packet_equation(ledger, &Amount::packets),
                 packet_equation(ledger, &Amount::bytes));
  for (const auto& text : ledger::kPacketEndTexts) {
    const Amount& amount = ledger.ends[static_cast<std::size_t>(text.id)];
    if (amount == Amount{}) continue;
    fmt::format_to(out, "    {:<26} {:>12} packets {:>15} bytes  {}\n", text.name, amount.packets,
                   amount.bytes, text.sentence);
  }
}

void put_payload(Out out, const Ledger& ledger) {
  fmt::format_to(out, "payload: {}\n", payload_equation(ledger));
  for (const auto& text : ledger::kPayloadEndTexts) {
    const std::uint64_t bytes = ledger.payload[static_cast<std::size_t>(text.id)];
    if (bytes != 0) fmt::format_to(out, "    {:<26} {:>36} bytes  {}\n", text.name, bytes, text.sentence);
  }
}

void put_coverage(Out out, const Ledger& ledger) {
  const std::uint64_t missing = ledger.missing_truncated + ledger.missing_cut + ledger.missing_gap;
  fmt::format_to(out,
                 "missing: {} bytes never came ({} cut off by the mirror, {} by the port or capture, {} in "
                 "gaps of TCP streams)\n",
                 missing, ledger.missing_truncated, ledger.missing_cut, ledger.missing_gap);
  const std::uint64_t whole = ledger.payload_received + missing;
  if (whole == 0) {
    fmt::format_to(out, "coverage: there was no payload\n");
    return;
  }
  // Rounded down: 100.00 means all of it.
  fmt::format_to(out, "coverage: {:.2f} % of the payload, received or missing, was scanned\n",
                 std::floor(ledger.coverage_pct() * 100) / 100);
}

void put_lossy_ports(Out out, const StatsSnapshot& snapshot) {
  for (const PortStats& port : snapshot.ports)
    if (port.missed + port.no_mbuf + port.errors > 0)
      fmt::format_to(out,
                     "port {} lost packets before any worker saw them: {} missed with full queues, {} for "
                     "want of a packet buffer, {} receive errors\n",
                     port.name, port.missed, port.no_mbuf, port.errors);
}

void put_lossy_sinks(Out out, const StatsSnapshot& snapshot) {
  for (const SinkStats& sink : snapshot.sinks)
    if (sink.lost_events > 0)
      fmt::format_to(out, "{} {} lost {} of {} events: {}\n", sink.kind, sink.name, sink.lost_events,
                     sink.lost_events + sink.written_events,
                     sink.last_error.empty() ? sink.state : sink.last_error);
}

/// "3 packets" more or fewer than there should be; the difference is a two's complement number.
void put_difference(Out out, std::string_view place, std::uint64_t difference, std::string_view unit) {
  const auto n = static_cast<std::int64_t>(difference);
  if (n == 0) return;
  if (n > 0)
    fmt::format_to(out, "  {}: {} {} came in and are booked nowhere\n", place, n, unit);
  else
    fmt::format_to(out, "  {}: {} {} are booked that never came in\n", place, 0 - difference, unit);
}

void put_imbalance(Out out, std::string_view place, const Ledger& ledger) {
  const Amount packets = ledger.packet_imbalance();
  put_difference(out, place, packets.packets, "packets");
  put_difference(out, place, packets.bytes, "packet bytes");
  put_difference(out, place, ledger.payload_imbalance(), "payload bytes");
}

}  // namespace

std::string ledger_text(const StatsSnapshot& snapshot) {
  std::string text;
  const Out out = std::back_inserter(text);
  const Ledger total = total_ledger(snapshot);
  put_packets(out, total);
  put_payload(out, total);
  put_coverage(out, total);
  put_lossy_ports(out, snapshot);
  put_lossy_sinks(out, snapshot);
  if (balanced(snapshot)) {
    text += "both ledgers balance\n";
    return text;
  }
  text += "THE LEDGERS DO NOT BALANCE: this is a defect of mirrorscan, and its counts cannot be trusted\n";
  for (const LcoreStats& lcore : snapshot.lcores)
    put_imbalance(out, fmt::format("lcore {}", lcore.lcore), lcore.ledger);
  for (const VniStats& vni : snapshot.vnis)
    put_imbalance(out, fmt::format("VNI {}", name_of(vni)), vni.ledger);
  return text;
}

}  // namespace mirrorscan::exporter
