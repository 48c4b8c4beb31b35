#pragma once
// What all lcores counted, at one snapshot barrier: as an EVE stats event and as text for people.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/timestamp.h"
#include "exporter/eve_event.h"
#include "exporter/sink.h"
#include "ledger/counter.h"
#include "ledger/ledger.h"

namespace mirrorscan::exporter {

struct LcoreStats {
  unsigned lcore = 0;
  ledger::Ledger ledger;  ///< all its VNIs
  ledger::Counters counters;
};

/// Which ledger a packet without a row of its own is booked in.
enum class VniKind : std::uint8_t {
  vni,
  none,   ///< refused before its VNI was known
  other,  ///< the VNI table was full
};

struct VniStats {
  VniKind kind = VniKind::vni;
  std::uint32_t vni = 0;
  std::string tenant;     ///< empty = the VNI itself
  ledger::Ledger ledger;  ///< all lcores
};

/// "4711", "none", "other".
[[nodiscard]] std::string name_of(const VniStats& stats);

/// Something that a port was asked for and does not do.
struct PortRefusal {
  std::string operation;  ///< "mtu", "promiscuous", "rss" ...
  std::string reason;     ///< what the device answered
};

/// A port's own count of what it took and what it lost before any lcore saw it.
struct PortStats {
  std::string name;
  std::uint64_t received = 0, missed = 0, no_mbuf = 0;  ///< packets: ipackets, imissed, rx_nombuf
  std::uint64_t bytes = 0, errors = 0;                  ///< ibytes, ierrors
  std::string driver;                                   ///< "net_ena"; empty for a capture
  std::uint32_t queues = 0, mtu = 0;
  std::string state;  ///< "up", "down", "resetting"; empty for a capture
  std::vector<PortRefusal> refused;
  std::vector<std::pair<std::string, std::uint64_t>> named;  ///< counters that only this kind of port has
};

/// One rule's work on all lcores. Evaluations are of the rule's tests, after its trigger was hit and its
/// header applied; of some of them the cycles were counted.
struct RuleStats {
  std::uint32_t gid = 1, sid = 0;
  std::uint64_t evaluations = 0;
  std::uint64_t matches = 0;  ///< evaluations in which all tests held
  std::uint64_t alerts = 0;   ///< told to the exporter
  std::uint64_t sampled = 0, sampled_cycles = 0;

  /// Of one evaluation, on average; 0 when none was sampled or this machine's cycles cannot be read.
  [[nodiscard]] double cycles_per_evaluation() const;
  /// Of all evaluations, estimated.
  [[nodiscard]] double cycles() const { return static_cast<double>(evaluations) * cycles_per_evaluation(); }
};

/// What the exporter itself could not do.
struct ExporterStats {
  std::uint64_t failed = 0;         ///< events, or calls of a sink, that ended in an exception
  std::uint64_t skipped_stats = 0;  ///< stats events left out because the exporter was too far behind
  std::string last_error;           ///< of `failed`; empty = none
};

struct StatsSnapshot {
  Timestamp time;
  std::uint64_t uptime_s = 0;
  std::vector<LcoreStats> lcores;
  std::vector<VniStats> vnis;
  std::vector<PortStats> ports;
  std::vector<SinkStats> sinks;
  ExporterStats exporter;
  std::vector<RuleStats> rules;   ///< all that were loaded
  std::uint32_t rules_told = 20;  ///< rows of `mirror.rules`: the costliest; output.rule_stats
  std::uint64_t rules_loaded = 0, rules_failed = 0;
};

/// The sum of the lcores' ledgers.
[[nodiscard]] ledger::Ledger total_ledger(const StatsSnapshot& snapshot);
[[nodiscard]] ledger::Counters total_counters(const StatsSnapshot& snapshot);

/// True when both equations hold for each lcore and each VNI. A VNI's packets may change lcores, so its
/// ledger is the sum over the lcores.
[[nodiscard]] bool balanced(const StatsSnapshot& snapshot);

/// Appends one EVE line of event_type `stats`. Schema::strict leaves out `mirror`.
void append_stats_line(const StatsSnapshot& snapshot, Schema schema, std::string& out);

/// Both equations with their numbers, each bucket that is not empty with its sentence, coverage, ports and
/// sinks that lost something, and any imbalance in plain words with the place where it is. Several lines,
/// ending in a newline.
[[nodiscard]] std::string ledger_text(const StatsSnapshot& snapshot);

}  // namespace mirrorscan::exporter
