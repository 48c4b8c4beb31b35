#include "rules/cost_warnings.h"

#include <algorithm>
#include <optional>

#include "keywords/content.h"
#include "keywords/pcre.h"

namespace mirrorscan::rules {

namespace {

using signature::Rule;
using signature::RuleClass;

/// Below it a pattern is hit by chance in most payloads.
constexpr std::uint32_t kShortPattern = 3;

void warn_of_trigger(const Rule& rule, std::vector<std::string>& out) {
  if (rule.payload.empty()) return;
  if (!rule.trigger) {
    const bool stream = rule.rule_class == RuleClass::stream;
    out.push_back(std::string("no fast pattern: it is evaluated on every ") +
                  (stream ? "window of every stream, and a match across two windows is not found"
                          : "payload that its header admits") +
                  "; add a content that its matches have");
    return;
  }
  if (rule.trigger->prefilter)
    out.push_back(
        "its fast pattern is only what the expression needs at least, so it is hit more often than it "
        "matches; add a content that its matches have");
  const auto traits = rule.payload[rule.trigger->test]->traits();
  const std::string& literal = traits.literal;
  if (literal.empty()) return;
  if (literal.size() <= kShortPattern)
    out.push_back("its fast pattern has " + std::to_string(literal.size()) +
                  (literal.size() == 1 ? " byte" : " bytes") +
                  ", so it is hit by chance; add a longer content, or fast_pattern to another one");
  else if (literal.find_first_not_of(literal[0]) == std::string::npos)
    out.push_back(
        "its fast pattern is one byte again and again, and is hit at each place of a longer run; "
        "give fast_pattern to another content");
}

void warn_of_expressions(const Rule& rule, std::vector<std::string>& out) {
  for (const auto& test : rule.payload) {
    const auto* pcre = dynamic_cast<const keywords::Pcre*>(test.get());
    if (pcre == nullptr || !pcre->metered()) continue;
    out.push_back(pcre->describe() +
                  " may backtrack without end: its repeats can share the same bytes in many ways; "
                  "give them limits, or classes that exclude what follows");
  }
}

/// What a rule says in figures; a variable may be anything.
std::int64_t written(const std::optional<keywords::Quantity>& quantity) {
  return quantity && !quantity->is_variable() ? quantity->most() : 0;
}

void warn_of_window(const Rule& rule, std::uint32_t window, std::vector<std::string>& out) {
  if (rule.rule_class != RuleClass::stream && rule.rule_class != RuleClass::anchored) return;
  for (const auto& test : rule.payload) {
    const auto* content = dynamic_cast<const keywords::Content*>(test.get());
    if (content == nullptr) continue;
    const auto& m = content->modifiers();
    const std::int64_t placed =
        m.relative() ? written(m.distance) + written(m.within) : written(m.offset) + written(m.depth);
    if (std::abs(placed) + content->length() <= window) continue;
    out.push_back(content->describe() + " reaches further than detect.window_bytes (" +
                  std::to_string(window) + "), and is looked for within the window only; raise it");
  }
}

std::string role_of(const Rule& rule, const keywords::Pcre& pcre, std::size_t index) {
  if (rule.trigger && rule.trigger->test == index)
    return rule.trigger->prefilter ? "Hyperscan looks for what it needs at least, since it cannot express "
                                     "all of it; PCRE2 decides"
                                   : "Hyperscan looks for it in the payload; PCRE2 confirms what it finds";
  if (rule.trigger)
    return rule.payload[rule.trigger->test]->traits().literal.empty()
               ? "PCRE2 decides it around the hits of another expression"
               : "PCRE2 decides it around the hits of a content, which Hyperscan looks for faster";
  return pcre.traits().negated ? "PCRE2 decides it: what is absent cannot be looked for"
                               : "PCRE2 decides it: Hyperscan cannot look for it, since it needs the end of "
                                 "the data, starts at the last match, or is not in its syntax";
}

}  // namespace

std::vector<std::string> cost_warnings(const Rule& rule, std::uint32_t window) {
  std::vector<std::string> out;
  warn_of_trigger(rule, out);
  warn_of_expressions(rule, out);
  warn_of_window(rule, window, out);
  return out;
}

std::vector<ruleset::PcreUse> pcre_uses(const Rule& rule) {
  std::vector<ruleset::PcreUse> out;
  for (std::size_t i = 0; i < rule.payload.size(); ++i) {
    const auto* pcre = dynamic_cast<const keywords::Pcre*>(rule.payload[i].get());
    if (pcre == nullptr) continue;
    std::string engine = pcre->compiled() ? "PCRE2 JIT" : "PCRE2 interpreter";
    const bool triggers = rule.trigger && rule.trigger->test == i;
    if (triggers) engine = "Hyperscan, then " + engine;
    out.push_back({pcre->describe(), std::move(engine), role_of(rule, *pcre, i)});
  }
  return out;
}

}  // namespace mirrorscan::rules
