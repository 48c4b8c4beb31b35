#pragma once
// Hyperscan on the fed payload and nothing else: the limit that an inspector is held against.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "bench/fed.h"
#include "bench/figures.h"
#include "match/database.h"
#include "match/scanner.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::bench {

struct ScanCount {
  std::uint64_t bytes = 0, cycles = 0, matches = 0;
};

[[nodiscard]] Figures scan_figures(const ScanCount& count);
[[nodiscard]] double payload_gbit_per_s(const ScanCount& count);

/// hs_scan_stream of all payload with one database, a stream for each flow and direction.
class ScanAlone {
 public:
  /// The streams are opened here. `db` and `traffic` outlive this; `db` is a database of streams.
  [[nodiscard]] static Result<std::unique_ptr<ScanAlone>> make(const match::Database& db,
                                                               const FedTraffic& traffic);
  ~ScanAlone();

  /// Everything once, on the measured lcore, with streams in their first state.
  [[nodiscard]] ScanCount scan();

 private:
  explicit ScanAlone(const FedTraffic& traffic) noexcept : traffic_(traffic) {}

  const FedTraffic& traffic_;
  match::Scanner scanner_;
  match::StreamPool pool_;
  std::vector<match::Stream*> streams_;
};

/// The same with the ruleset's own databases, as the rules have it: TCP payload meets those of streams and of
/// segments, UDP payload those of UDP, each those of its direction.
class ScanByProtocol {
 public:
  [[nodiscard]] static Result<std::unique_ptr<ScanByProtocol>> make(const ruleset::Ruleset& rules,
                                                                    const FedTraffic& traffic);
  ~ScanByProtocol();
  [[nodiscard]] ScanCount scan();
  [[nodiscard]] std::uint64_t stream_state_bytes() const noexcept;

 private:
  ScanByProtocol(const ruleset::Ruleset& rules, const FedTraffic& traffic) noexcept
      : rules_(rules), traffic_(traffic) {}
  [[nodiscard]] Status open();

  const ruleset::Ruleset& rules_;
  const FedTraffic& traffic_;
  match::Scanner scanner_;
  std::array<match::StreamPool, kDirections> pools_;
  std::vector<match::Stream*> streams_;
};

}  // namespace mirrorscan::bench
