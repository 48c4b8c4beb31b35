#include "support/stream_oracle.h"

#include <hs/hs.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>

namespace mirrorscan::support {

namespace {

using signature::Rule;

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

hs_database* compiled(const signature::Trigger& trigger) {
  unsigned flags = trigger.nocase ? HS_FLAG_CASELESS : 0;
  if (trigger.prefilter) flags |= HS_FLAG_PREFILTER;
  hs_database* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile(trigger.pattern.c_str(), flags, HS_MODE_BLOCK, nullptr, &database, &error) != HS_SUCCESS)
    throw std::runtime_error("the oracle cannot compile " + trigger.pattern);
  return database;
}

}  // namespace

StreamOracle::StreamOracle(const ruleset::Ruleset& rules) : rules_(rules), pcre_({.match = 10'000}) {
  for (const Rule& rule : rules.rules) {
    plain_.push_back(truth::plain_rule(rule));
    const bool expression = rule.trigger && rule.trigger->length == 0;
    expressions_.push_back(expression ? compiled(*rule.trigger) : nullptr);
    if (expression && hs_alloc_scratch(expressions_.back(), &scratch_) != HS_SUCCESS)
      throw std::runtime_error("no memory for the oracle");
  }
}

StreamOracle::~StreamOracle() {
  for (hs_database* database : expressions_) hs_free_database(database);
  hs_free_scratch(scratch_);
}

bool StreamOracle::understands(signature::RuleIndex index) const {
  const Rule& rule = rules_.rules[index];
  return rule.rule_class == signature::RuleClass::stream && rule.action == signature::Action::alert &&
         !rule.noalert;
}

std::vector<std::size_t> StreamOracle::trigger_ends(signature::RuleIndex index, std::string_view stream) {
  std::vector<std::size_t> out;
  const Rule& rule = rules_.rules[index];
  if (expressions_[index] != nullptr) {
    const auto note = [](unsigned, unsigned long long, unsigned long long end, unsigned, void* ends) {
      static_cast<std::vector<std::size_t>*>(ends)->push_back(static_cast<std::size_t>(end));
      return 0;
    };
    if (hs_scan(expressions_[index], stream.data(), static_cast<unsigned>(stream.size()), 0, scratch_, note,
                &out) != HS_SUCCESS)
      throw std::runtime_error("the oracle's scan failed");
    return out;
  }
  const auto traits = rule.payload[rule.trigger->test]->traits();
  const std::string word = traits.nocase ? lowered(traits.literal) : traits.literal;
  const std::string text = traits.nocase ? lowered(stream) : std::string();
  const std::string_view in = traits.nocase ? std::string_view(text) : stream;
  for (std::size_t at = in.find(word); at != std::string_view::npos; at = in.find(word, at + 1))
    out.push_back(at + word.size());
  return out;
}

bool StreamOracle::holds(signature::RuleIndex index, const Piece& piece) {
  const Rule& rule = rules_.rules[index];
  if (in_plain_words(index)) {
    truth::NaivePayload payload{std::string(piece.bytes), piece.from_start, piece.to_end, {}, 0};
    if (piece.pinned_end > 0) {
      payload.pinned_test = rule.trigger->test;
      payload.pinned_end = static_cast<int>(piece.pinned_end);
    }
    return truth::matches(plain_[index].tests, payload);
  }
  signature::Inspection in;
  in.buffer = as_bytes(piece.bytes);
  in.from_start = piece.from_start;
  in.to_end = piece.to_end;
  in.tests = rule.payload;
  if (piece.pinned_end > 0) {
    in.pinned_test = rule.trigger->test;
    in.pinned_end = static_cast<std::uint32_t>(piece.pinned_end);
  }
  in.pcre = &pcre_;
  in.steps_left = 50'000;
  const bool held = in.rest(0, 0);
  cut_off_ += in.pcre_limit_hit || in.steps_exhausted ? 1 : 0;
  return held;
}

std::set<std::uint64_t> StreamOracle::windows(signature::RuleIndex index, std::string_view stream) {
  std::set<std::uint64_t> out;
  const Rule& rule = rules_.rules[index];
  const std::size_t size = stream.size(), window = rules_.window;
  if (!rule.trigger) {
    for (std::size_t from = 0; from < size; from += window) {
      const std::size_t to = std::min(from + window, size);
      if (holds(index, {stream.substr(from, to - from), from == 0, to < from + window, 0}))
        out.insert((to - 1) / window);
    }
    return out;
  }
  const std::size_t length = rule.trigger->length;
  for (const std::size_t end : trigger_ends(index, stream)) {
    const std::uint64_t in_window = end == 0 ? 0 : (end - 1) / window;
    if (out.contains(in_window)) continue;
    const std::size_t from = end - std::min(end, length + rule.look_back);
    const std::size_t wanted = end + rule.look_ahead, to = std::min(wanted, size);
    const Piece piece{stream.substr(from, to - from), from == 0, wanted > size, length > 0 ? end - from : 0};
    if (holds(index, piece)) out.insert(in_window);
  }
  return out;
}

}  // namespace mirrorscan::support
