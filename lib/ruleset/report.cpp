#include "ruleset/report.h"

#include <algorithm>
#include <map>

namespace mirrorscan::ruleset {

namespace {

constexpr std::array<std::string_view, kRuleClasses> kClassNames{"ip_only", "packet", "anchored", "stream"};

constexpr std::array<std::string_view, kScanKinds> kScanKindTexts{
    "tcp_stream", "tcp_segment", "tcp_untracked", "udp", "icmp", "icmpv6", "sctp", "other", "stray"};

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

std::vector<ReasonCount> Report::reasons() const {
  std::map<std::string_view, std::size_t> counts;
  for (const Remark& remark : rejected) ++counts[remark.reason];
  std::vector<ReasonCount> out;
  for (const auto& [reason, rules_of_reason] : counts) out.push_back({std::string(reason), rules_of_reason});
  std::stable_sort(out.begin(), out.end(),
                   [](const ReasonCount& a, const ReasonCount& b) { return a.rules > b.rules; });
  return out;
}

std::vector<std::string_view> Explanation::runs_on() const {
  bool stream = false, packet = false, datagram = rule_class == signature::RuleClass::ip_only;
  for (const auto& kinds : scans) {
    for (std::size_t kind = 0; kind < kScanKinds; ++kind) {
      if (!kinds[kind]) continue;
      switch (static_cast<ScanKind>(kind)) {
        case ScanKind::tcp_stream: stream = true; break;
        case ScanKind::tcp_segment:
        case ScanKind::tcp_untracked: packet = true; break;
        default: datagram = true; break;
      }
    }
  }
  std::vector<std::string_view> out;
  if (stream) out.emplace_back("stream");
  if (packet || rule_class == signature::RuleClass::ip_only) out.emplace_back("packet");
  if (datagram) out.emplace_back("datagram");
  return out;
}

std::string_view name_of(signature::RuleClass rule_class) noexcept {
  return kClassNames[static_cast<std::size_t>(rule_class)];
}

std::string_view name_of(ScanKind kind) noexcept {
  return kScanKindTexts[static_cast<std::size_t>(kind)];
}

}  // namespace mirrorscan::ruleset
