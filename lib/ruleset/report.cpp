#include "ruleset/report.h"

namespace mirrorscan::ruleset {

namespace {

constexpr std::array<std::string_view, kRuleClasses> kClassNames{"ip_only", "packet", "anchored", "stream"};

constexpr std::array<std::string_view, kScanKinds> kScanKindTexts{
    "tcp_stream", "tcp_segment", "tcp_untracked", "udp", "icmp", "icmpv6", "sctp", "other"};

}  // namespace

std::string Remark::text() const {
  std::string out = file;
  if (line != 0) out.append(":").append(std::to_string(line));
  if (!out.empty()) out += ": ";
  if (sid) out.append("sid ").append(std::to_string(*sid)).append(": ");
  out += reason;
  if (!remedy.empty()) out.append("; ").append(remedy);
  return out;
}

double Report::coverage_pct() const noexcept {
  if (rules == 0) return 100.0;
  return 100.0 * static_cast<double>(loaded) / static_cast<double>(rules);
}

std::string_view name_of(signature::RuleClass rule_class) noexcept {
  return kClassNames[static_cast<std::size_t>(rule_class)];
}

std::string_view name_of(ScanKind kind) noexcept {
  return kScanKindTexts[static_cast<std::size_t>(kind)];
}

}  // namespace mirrorscan::ruleset
