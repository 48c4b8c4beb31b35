#include "rules/trigger.h"

#include <hs/hs.h>

#include <bitset>
#include <cstdlib>
#include <memory>
#include <tuple>
#include <vector>

#include "match/database.h"
#include "rules/text.h"

namespace mirrorscan::rules {

namespace {

using signature::PayloadTraits;
using signature::Rule;
using signature::Trigger;

std::size_t different_bytes(std::string_view literal) {
  std::bitset<256> seen;
  for (const char c : literal) seen.set(static_cast<unsigned char>(c));
  return seen.count();
}

bool is_candidate(const PayloadTraits& traits) {
  return !traits.negated && !traits.literal.empty() && traits.literal.size() <= kMaxTriggerBytes;
}

std::optional<std::size_t> best_literal(const std::vector<PayloadTraits>& tests) {
  std::optional<std::size_t> best;
  std::tuple<bool, std::size_t, std::size_t> best_rank;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    if (!is_candidate(tests[i])) continue;
    const std::tuple rank{tests[i].fast_pattern, tests[i].literal.size(), different_bytes(tests[i].literal)};
    if (best && rank <= best_rank) continue;
    best = i;
    best_rank = rank;
  }
  return best;
}

Trigger literal_trigger(std::size_t test, const PayloadTraits& traits) {
  Trigger trigger;
  trigger.test = test;
  trigger.length = static_cast<std::uint32_t>(traits.literal.size());
  // Rules that ask for the same word in different cases share one pattern.
  trigger.pattern = as_expression(traits.nocase ? lowered(traits.literal) : traits.literal);
  trigger.nocase = traits.nocase;
  return trigger;
}

// An anchor of a relative expression means the cursor, which Hyperscan does not know.
bool means_the_cursor(const PayloadTraits& traits) {
  if (!traits.relative) return false;
  const std::string& text = traits.expression;
  return text.find('^') != std::string::npos || text.find("\\A") != std::string::npos ||
         text.find("\\G") != std::string::npos;
}

Trigger expression_trigger(std::size_t test, const PayloadTraits& traits) {
  Trigger trigger;
  trigger.test = test;
  if (traits.expression_dotall) trigger.pattern += "(?s)";
  if (traits.expression_multiline) trigger.pattern += "(?m)";
  trigger.pattern += traits.expression;
  trigger.nocase = traits.expression_nocase;
  return trigger;
}

struct InfoDeleter {
  void operator()(hs_expr_info_t* info) const noexcept { std::free(info); }
};

// The end of the data is not reported on the packet path, so an expression that needs it would be missed.
bool compiles(const std::string& pattern, unsigned flags) {
  hs_expr_info_t* raw_info = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_expression_info(pattern.c_str(), flags, &raw_info, &error) != HS_SUCCESS) {
    hs_free_compile_error(error);
    return false;
  }
  const std::unique_ptr<hs_expr_info_t, InfoDeleter> info(raw_info);
  if (info->matches_at_eod != 0) return false;
  hs_database_t* raw = nullptr;
  if (hs_compile(pattern.c_str(), flags, HS_MODE_STREAM, nullptr, &raw, &error) != HS_SUCCESS) {
    hs_free_compile_error(error);
    return false;
  }
  const std::unique_ptr<hs_database, match::DatabaseDeleter> database(raw);
  return true;
}

}  // namespace

std::string as_expression(std::string_view literal) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(4 * literal.size());
  for (const char c : literal) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

TriggerChooser::Use TriggerChooser::use_of(const Trigger& trigger) {
  const auto [at, is_new] = known_.try_emplace({trigger.pattern, trigger.nocase}, Use::none);
  if (!is_new) return at->second;
  const unsigned flags = trigger.nocase ? HS_FLAG_CASELESS : 0;
  if (compiles(trigger.pattern, flags)) {
    at->second = Use::exact;
  } else if (compiles(trigger.pattern, flags | HS_FLAG_PREFILTER)) {
    at->second = Use::prefilter;
  }
  return at->second;
}

std::optional<Trigger> TriggerChooser::choose(const Rule& rule) {
  std::vector<PayloadTraits> tests;
  tests.reserve(rule.payload.size());
  for (const auto& test : rule.payload) tests.push_back(test->traits());
  if (const auto literal = best_literal(tests)) return literal_trigger(*literal, tests[*literal]);
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const PayloadTraits& traits = tests[i];
    if (traits.negated || traits.expression.empty() || traits.expression.size() > kMaxExpressionBytes)
      continue;
    if (means_the_cursor(traits)) continue;
    Trigger trigger = expression_trigger(i, traits);
    const Use use = use_of(trigger);
    trigger.prefilter = use == Use::prefilter;
    if (use != Use::none) return trigger;
  }
  return std::nullopt;
}

}  // namespace mirrorscan::rules
