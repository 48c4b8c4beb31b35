#pragma once
// The report of a rule load as JSON: what `mirrorscan check --json` prints.

#include <string>

#include "ruleset/report.h"

namespace mirrorscan::exporter {

/// One JSON object, indented, without a newline at the end: counts and coverage, "rejected" and "warnings"
/// with file, line, sid, reason and remedy, and "loaded" with class, trigger, tests and scans of each rule.
[[nodiscard]] std::string report_json(const ruleset::Report& report);

}  // namespace mirrorscan::exporter
