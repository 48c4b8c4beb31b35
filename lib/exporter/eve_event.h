#pragma once
// Event records to EVE JSON lines (design section 4).

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"
#include "record/record.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::exporter {

enum class Schema : std::uint8_t {
  mirror,  ///< EVE and the object `mirror`
  strict,  ///< EVE only; the VNI is in traffic.label
};

class EveWriter {
 public:
  struct Options {
    Schema schema = Schema::mirror;
    /// The configured tenants, in the order of the tenant table. A tenant index beyond them is a VNI that no
    /// tenant names, and is written as that VNI.
    std::vector<std::string> tenant_names;

    [[nodiscard]] static Options from(const config::Config& config);
  };

  explicit EveWriter(Options options);

  /// Appends one line with its newline; always valid JSON, whatever bytes the rule's texts hold. `rules` is
  /// the ruleset of the record's generation, which names the rule of an alert or a
  /// suspension.
  void line(const record::Record& record, const ruleset::Ruleset& rules, std::string& out) const;

 private:
  Options options_;
};

}  // namespace mirrorscan::exporter
