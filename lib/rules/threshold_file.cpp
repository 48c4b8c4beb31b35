#include "rules/threshold_file.h"

#include <array>
#include <limits>
#include <optional>
#include <string>

#include "keywords/arguments.h"
#include "keywords/named_values.h"
#include "keywords/threshold.h"
#include "rules/header_sets.h"
#include "rules/lines.h"
#include "rules/refusal.h"
#include "rules/text.h"

namespace mirrorscan::rules {
namespace {

using signature::Rule;
using signature::Suppression;
using signature::Threshold;
using signature::ThresholdKind;

enum class Command : std::uint8_t { suppress, threshold, rate_filter };

/// One line, read.
struct Line {
  Command command = Command::suppress;
  std::uint32_t gid = 0, sid = 0;
  Suppression suppression;
  Threshold threshold;
};

/// In the order of Values.
constexpr std::array<std::string_view, 9> kNames{"gen_id",  "sig_id", "type",       "track",  "count",
                                                 "seconds", "ip",     "new_action", "timeout"};
enum Value : std::size_t { gen_id, sig_id, type, track, count, seconds, ip, new_action, timeout };
using Values = std::vector<std::string_view>;

template <class T>
T value_or_refuse(Result<T> result) {
  if (!result) throw Refusal(result.error().what, result.error().remedy);
  return std::move(result).value();
}

std::uint32_t number_of(const Values& values, Value which, std::int64_t least = 0) {
  if (values[which].empty()) throw Refusal(std::string(kNames[which]) + " is missing");
  return static_cast<std::uint32_t>(value_or_refuse(keywords::number_between(
      values[which], kNames[which], least, std::numeric_limits<std::uint32_t>::max())));
}

void want_none_of(const Values& values, std::string_view command, std::initializer_list<Value> unwanted) {
  for (const Value which : unwanted)
    if (!values[which].empty())
      throw Refusal(std::string(command) + " has no " + std::string(kNames[which]), "take it out");
}

/// Where `ip` begins, the last of a line since its value has commas; npos without one.
std::size_t ip_at(std::string_view list) {
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    const std::string_view part = trimmed(list.substr(at, end - at));
    if (part.starts_with("ip ") || part.starts_with("ip\t")) return at;
    at = end + 1;
  }
  return std::string_view::npos;
}

Values values_of(std::string_view list, std::string_view command) {
  const std::size_t at = ip_at(list);
  Values values = value_or_refuse(keywords::named_values(list.substr(0, at), command, kNames));
  if (at != std::string_view::npos) values[ip] = trimmed(trimmed(list.substr(at)).substr(2));
  return values;
}

Suppression suppression_of(const Values& values, const Variables& variables) {
  using Track = Suppression::Track;
  want_none_of(values, "suppress", {type, count, seconds, new_action, timeout});
  Suppression out;
  if (values[track].empty() != values[ip].empty())
    throw Refusal("suppress: track and ip belong together", "write track by_src, ip 10.0.0.0/8 or the like");
  if (values[track].empty()) return out;
  const std::string_view by = values[track];
  if (by != "by_src" && by != "by_dst" && by != "by_either")
    throw Refusal("suppress: cannot track " + quoted(by), "write track by_src, by_dst or by_either");
  out.track = by == "by_src" ? Track::by_src : by == "by_dst" ? Track::by_dst : Track::by_either;
  out.addresses = address_set(values[ip], variables);
  return out;
}

Threshold threshold_of(const Values& values) {
  want_none_of(values, "threshold", {ip, new_action, timeout});
  if (number_of(values, count) == 0) throw Refusal("count: 0 is out of range", "write 1 or more");
  const std::string list = "type " + std::string(values[type]) + ", track " + std::string(values[track]) +
                           ", count " + std::string(values[count]) + ", seconds " +
                           std::string(values[seconds]);
  for (const Value needed : {type, track, seconds})
    if (values[needed].empty()) throw Refusal(std::string(kNames[needed]) + " is missing");
  return value_or_refuse(keywords::threshold_of(list, "threshold"));
}

Threshold rate_of(const Values& values) {
  want_none_of(values, "rate_filter", {ip, type});
  Threshold out;
  out.kind = ThresholdKind::rate_filter;
  out.track = value_or_refuse(keywords::track_of(values[track], "rate_filter"));
  out.count = number_of(values, count, 1);
  out.seconds = number_of(values, seconds);
  out.timeout_s = number_of(values, timeout);
  const std::string_view action = values[new_action];
  for (const std::string_view known : {"alert", "drop", "pass", "log", "sdrop", "reject"}) {
    if (action != known) continue;
    out.silent_beyond_rate = action == "pass";
    return out;
  }
  throw Refusal("rate_filter: new_action " + quoted(action) + " is not known",
                "write alert, drop, pass or reject");
}

Line line_of(std::string_view text, const Variables& variables) {
  text = trimmed(text);
  const std::size_t blank = text.find_first_of(kBlanks);
  const std::string_view command = text.substr(0, blank);
  const bool suppress = command == "suppress", rate = command == "rate_filter";
  if (!suppress && !rate && command != "threshold" && command != "event_filter")
    throw Refusal(quoted(command) + " is not known",
                  "write suppress, threshold, event_filter or rate_filter");
  const Values values = values_of(blank == std::string_view::npos ? "" : text.substr(blank), command);
  Line line;
  line.gid = number_of(values, gen_id);
  line.sid = number_of(values, sig_id);
  if (line.gid == 0 && line.sid != 0)
    throw Refusal("a sig_id with gen_id 0", "write gen_id 1, the group of most rules");
  if (suppress) {
    line.suppression = suppression_of(values, variables);
  } else {
    line.command = rate ? Command::rate_filter : Command::threshold;
    line.threshold = rate ? rate_of(values) : threshold_of(values);
  }
  return line;
}

/// What a line came to.
struct Applied {
  std::size_t rules = 0;  ///< it names
  std::size_t kept = 0;   ///< of them, those that keep the threshold they had
};

Applied give_to_rules(const Line& line, std::vector<Rule>& rules) {
  Applied out;
  for (Rule& rule : rules) {
    if ((line.gid != 0 && rule.gid != line.gid) || (line.sid != 0 && rule.sid != line.sid)) continue;
    out.rules += rule.way_back ? 0 : 1;
    const bool replaces = line.command == Command::threshold && line.sid != 0;
    if (line.command == Command::suppress)
      rule.host.suppressions.push_back(line.suppression);
    else if (rule.host.threshold && !replaces)
      out.kept += rule.way_back ? 0 : 1;
    else
      rule.host.threshold = line.threshold;
  }
  return out;
}

}  // namespace

void apply_threshold_file(std::string_view file, std::string_view text, const Variables& variables,
                          std::vector<Rule>& rules, ruleset::Report& report) {
  LineReader lines(text);
  while (const auto logical = lines.next()) {
    const auto remark = [&](std::string reason, std::string remedy) {
      return ruleset::Remark{std::string(file), logical->number, std::nullopt, std::move(reason),
                             std::move(remedy)};
    };
    try {
      if (logical->too_long) throw Refusal("the line is longer than 1 MiB");
      const Applied applied = give_to_rules(line_of(logical->text, variables), rules);
      if (applied.rules == 0) report.warnings.push_back(remark("no rule is meant by this line", ""));
      if (applied.kept > 0)
        report.warnings.push_back(remark(std::to_string(applied.kept) + " of " +
                                             std::to_string(applied.rules) +
                                             " rules keep the threshold or detection_filter they have",
                                         "a `threshold` line with the rule's sig_id replaces it"));
    } catch (const Refusal& refusal) {
      report.bad_lines.push_back(remark(refusal.what(), refusal.remedy()));
    }
  }
}

}  // namespace mirrorscan::rules
