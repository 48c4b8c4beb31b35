#include "tail/event_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/lost_ends.h"
#include "tail/event_value.h"
#include "tail/printable.h"

namespace mirrorscan::tail {
namespace {

using Json = nlohmann::json;

// SGR parameters, ECMA-48 section 8.3.117.
constexpr std::string_view kBold = "1", kDim = "2", kRed = "1;31", kYellow = "33", kCyan = "36",
                           kMagenta = "35", kGreen = "32";

std::string painted(std::string_view text, std::string_view how, Color color) {
  return color == Color::always ? fmt::format("\x1b[{}m{}\x1b[0m", how, text) : std::string(text);
}

std::string word(const Json& event, Path path) {
  return printable(text_at(event, path));
}

std::uint64_t count(const Json& event, Path path) {
  return number_at(event, path).value_or(0);
}

/// "2019-06-27 14:02:11.218216"; other times as they are.
std::string time_of(const Json& event) {
  std::string time = word(event, {"timestamp"});
  constexpr std::size_t kDate = 10;
  if (time.size() > kDate && time[kDate] == 'T') time[kDate] = ' ';
  if (time.ends_with("+0000")) time.resize(time.size() - 5);
  return time;
}

std::string endpoint(const Json& event, const char* address, const char* port) {
  const std::string text = word(event, {address});
  const auto number = number_at(event, {port});
  if (!number) return text;
  const bool v6 = text.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", text, *number) : fmt::format("{}:{}", text, *number);
}

std::string tuple_of(const Json& event) {
  return fmt::format("{} {} -> {}", word(event, {"proto"}), endpoint(event, "src_ip", "src_port"),
                     endpoint(event, "dest_ip", "dest_port"));
}

/// "vni 4711", with the tenant where it has a name of its own.
std::string session_of(const Json& event) {
  const auto vni = vni_of(event);
  const std::string number = vni ? std::to_string(*vni) : "?", tenant = word(event, {"mirror", "tenant"});
  return tenant.empty() || tenant == number ? "vni " + number : fmt::format("vni {} ({})", number, tenant);
}

std::string_view paint_of(std::uint64_t severity) {
  return severity <= 1 ? kRed : severity == 2 ? kYellow : kCyan;
}

std::string alert_line(const Json& event, Color color) {
  const std::uint64_t severity = count(event, {"alert", "severity"});
  const std::string what = fmt::format("alert {} [{}] {}", severity, count(event, {"alert", "signature_id"}),
                                       word(event, {"alert", "signature"}));
  return fmt::format("{}  {}  {}  {}", painted(what, paint_of(severity), color),
                     painted(tuple_of(event), kBold, color), session_of(event), word(event, {"direction"}));
}

std::string flow_line(const Json& event, Color color) {
  const std::string text =
      fmt::format("flow {}  {}  {}+{} packets {}+{} bytes in {} s  {}", word(event, {"flow", "state"}),
                  tuple_of(event), count(event, {"flow", "pkts_toserver"}),
                  count(event, {"flow", "pkts_toclient"}), count(event, {"flow", "bytes_toserver"}),
                  count(event, {"flow", "bytes_toclient"}), count(event, {"flow", "age"}), session_of(event));
  return painted(text, kDim, color) +
         (truth_at(event, {"flow", "alerted"}).value_or(false) ? "  alerted" : "");
}

std::string anomaly_line(const Json& event, Color color) {
  const std::string what = "anomaly " + word(event, {"anomaly", "event"}),
                    text = word(event, {"mirror", "text"});
  return fmt::format("{}  {}  {}{}", painted(what, kMagenta, color), tuple_of(event), session_of(event),
                     text.empty() ? "" : ": " + text);
}

/// Packets a second since the stats event before this one, or since the start.
std::uint64_t rate(const Json& event, StatsMark& last) {
  const StatsMark now{count(event, {"stats", "decoder", "pkts"}), count(event, {"stats", "uptime"})};
  const bool goes_on = now.uptime_s >= last.uptime_s && now.packets >= last.packets;
  const StatsMark from = goes_on ? last : StatsMark{};  // else the inspector was started anew
  last = now;
  return (now.packets - from.packets) / std::max<std::uint64_t>(now.uptime_s - from.uptime_s, 1);
}

std::uint64_t packets_lost(const Json& event) {
  std::uint64_t sum = 0;
  for (const ledger::PacketEnd end : ledger::kLostEnds)  // a name is a literal, which ends with a zero
    sum += count(event, {"mirror", "total", "packets", "ends", ledger::name_of(end).data(), "packets"});
  return sum;
}

/// Of the exporter's ring, and of each sink: an event that two sinks lost counts twice.
std::uint64_t events_lost(const Json& event) {
  return count(event, {"mirror", "counters", "records_lost"}) +
         sum_at(event, {"mirror", "sinks"}, "lost_events");
}

std::string stats_line(const Json& event, StatsMark& last, Color color) {
  const std::uint64_t drops = count(event, {"stats", "capture", "kernel_drops"}), lost = packets_lost(event),
                      events = events_lost(event);
  const std::string losses =
      fmt::format("kernel drops {}, lost {} packets and {} events", drops, lost, events);
  std::string line = fmt::format("{}  {} pps  {}", painted("stats", kGreen, color), rate(event, last),
                                 painted(losses, drops + lost + events > 0 ? kRed : kGreen, color));
  if (const auto coverage = decimal_at(event, {"mirror", "coverage_pct"}))
    line += fmt::format("  coverage {:.2f} %", *coverage);
  line += fmt::format("  {} alerts  {} flows", count(event, {"stats", "detect", "alert"}),
                      count(event, {"stats", "flow", "active"}));
  if (!truth_at(event, {"mirror", "balanced"}).value_or(true))
    line += painted("  THE LEDGERS DO NOT BALANCE", kRed, color);
  return line;
}

}  // namespace

std::string event_line(std::string_view type, const Json& event, StatsMark& last, Color color) {
  const std::string time = painted(time_of(event), kDim, color) + "  ";
  if (type == "alert") return time + alert_line(event, color);
  if (type == "flow") return time + flow_line(event, color);
  if (type == "anomaly") return time + anomaly_line(event, color);
  if (type == "stats") return time + stats_line(event, last, color);
  return {};
}

}  // namespace mirrorscan::tail
