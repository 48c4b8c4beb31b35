#pragma once
// What a simple stream rule means, said about the whole stream at once: in which windows it has to alert. It
// knows nothing of segments, look-back or pended triggers.

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mirrorscan::support {

/// content:"first"; and perhaps content:[!]"second"; distance:D; within:W;
struct NaiveStreamRule {
  enum class Second { none, present, absent };
  std::uint32_t sid = 0;
  std::string first;
  Second kind = Second::none;
  std::string second;
  int distance = 0, within = 0;
  bool triggered_by_second = false;  ///< the longer one is the trigger

  [[nodiscard]] std::string text() const {
    std::string out = "alert tcp any any -> any any (content:\"" + first + "\"; ";
    if (kind != Second::none)
      out += std::string("content:") + (kind == Second::absent ? "!" : "") + "\"" + second +
             "\"; distance:" + std::to_string(distance) + "; within:" + std::to_string(within) + "; ";
    return out + "sid:" + std::to_string(sid) + ";)\n";
  }
};

/// The ends of all occurrences.
[[nodiscard]] inline std::vector<std::size_t> ends_of(std::string_view stream, std::string_view word) {
  std::vector<std::size_t> ends;
  for (std::size_t at = stream.find(word); at != std::string_view::npos; at = stream.find(word, at + 1))
    ends.push_back(at + word.size());
  return ends;
}

/// The windows in which the rule alerts: those in which the trigger of a match ends.
[[nodiscard]] inline std::set<std::uint64_t> windows_of(const NaiveStreamRule& rule, std::string_view stream,
                                                        std::size_t window) {
  std::set<std::uint64_t> out;
  const auto alert = [&](std::size_t end) { out.insert((end - 1) / window); };
  for (const std::size_t end : ends_of(stream, rule.first)) {
    if (rule.kind == NaiveStreamRule::Second::none) {
      alert(end);
      continue;
    }
    bool found = false;
    for (const std::size_t second_end : ends_of(stream, rule.second)) {
      const auto cursor = static_cast<std::ptrdiff_t>(end);
      const auto begin = static_cast<std::ptrdiff_t>(second_end - rule.second.size());
      if (begin < cursor + rule.distance) continue;
      if (static_cast<std::ptrdiff_t>(second_end) > cursor + rule.distance + rule.within) continue;
      found = true;
      if (rule.kind == NaiveStreamRule::Second::present) alert(rule.triggered_by_second ? second_end : end);
    }
    if (rule.kind == NaiveStreamRule::Second::absent && !found) alert(end);
  }
  return out;
}

}  // namespace mirrorscan::support
