#include "alert/generation.h"

#include <utility>

namespace mirrorscan::alert {

Result<std::unique_ptr<Generation>> Generation::make(std::shared_ptr<const ruleset::Ruleset> rules,
                                                     std::uint32_t max_streams, match::Scanner& scanner) {
  auto generation = std::make_unique<Generation>();
  generation->evaluated.resize(rules->rules.size());
  generation->rates.resize(rules->rules.size());
  generation->costs.resize(rules->rules.size());
  generation->budgets.resize(rules->rules.size());
  for (std::size_t d = 0; d < kDirections; ++d) {
    for (std::size_t kind = 0; kind < ruleset::kScanKinds; ++kind) {
      const match::Database& database = rules->scans[d][kind].triggered;
      if (Status ready = scanner.prepare(database); !ready) return ready.error();
      generation->pattern_marks[d][kind].resize(database.first_use.size());
    }
    const auto& stream = rules->scan(ruleset::ScanKind::tcp_stream, static_cast<Direction>(d));
    auto pool = match::StreamPool::open(stream.triggered, (std::size_t{max_streams} + 1) / kDirections);
    if (!pool) return pool.error();
    generation->streams[d] = std::move(pool).value();
  }
  generation->rules = std::move(rules);
  return generation;
}

}  // namespace mirrorscan::alert
