#include "rules/header.h"

#include <algorithm>
#include <array>
#include <string>

#include "rules/protocols.h"
#include "rules/refusal.h"
#include "rules/text.h"

namespace mirrorscan::rules {

namespace {

using signature::Action;

constexpr std::size_t kWords = 7;

struct ActionRow {
  std::string_view word;
  Action action;
};

// The reject kinds differ only in whom a reset would be sent to, and mirrored traffic cannot be reset.
constexpr std::array kActions{ActionRow{"alert", Action::alert},      ActionRow{"drop", Action::drop},
                              ActionRow{"pass", Action::pass},        ActionRow{"reject", Action::reject},
                              ActionRow{"rejectsrc", Action::reject}, ActionRow{"rejectdst", Action::reject},
                              ActionRow{"rejectboth", Action::reject}};

Action action_of(std::string_view word) {
  const std::string name = lowered(word);
  const auto row =
      std::find_if(kActions.begin(), kActions.end(), [&](const ActionRow& r) { return r.word == name; });
  if (row == kActions.end()) {
    throw Refusal("unknown action " + quoted(word), "write alert, drop, reject or pass");
  }
  return row->action;
}

bool both_ways(std::string_view word) {
  if (word == "->") return false;
  if (word == "<>") return true;
  if (word == "<-") throw Refusal("direction '<-' does not exist", "swap the two sides and write '->'");
  throw Refusal("not a direction: " + quoted(word), "write '->' or '<>'");
}

// The end of the word that starts at `at`: a blank or '(' outside brackets.
std::size_t word_end(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '[') ++depth;
    if (text[at] == ']' && depth > 0) --depth;
    if (depth == 0 && (text[at] == '(' || kBlanks.find(text[at]) != std::string_view::npos)) break;
  }
  return at;
}

struct Words {
  std::array<std::string_view, kWords> word;
  std::size_t options = 0;  ///< position of '('
};

Words words_of(std::string_view text) {
  Words out;
  std::size_t count = 0, at = text.find_first_not_of(kBlanks);
  while (at < text.size() && text[at] != '(') {
    if (count == kWords) throw Refusal("too many words before '('", "lists with blanks need brackets");
    const std::size_t end = word_end(text, at);
    out.word[count++] = text.substr(at, end - at);
    at = text.find_first_not_of(kBlanks, end);
  }
  if (count < kWords) {
    throw Refusal("the header has " + std::to_string(count) + " of 7 words",
                  "write: action protocol sources ports -> destinations ports (options)");
  }
  if (at >= text.size()) throw Refusal("no options", "write them in parentheses: (sid:1;)");
  out.options = at;
  return out;
}

}  // namespace

std::size_t parse_header(std::string_view text, HeaderSets& sets, keywords::Draft& draft) {
  signature::Rule& rule = draft.rule;
  const Words words = words_of(text);
  const auto& [action, protocol, src, src_ports, direction, dst, dst_ports] = words.word;
  rule.action = action_of(action);
  const HeaderProtocol found = header_protocol(protocol);
  rule.header.protocols = found.protocols;
  rule.scope = found.scope;
  draft.both_ways = both_ways(direction);
  rule.header.src = sets.addresses(src);
  rule.header.src_ports = sets.ports(src_ports);
  rule.header.dst = sets.addresses(dst);
  rule.header.dst_ports = sets.ports(dst_ports);
  rule.header.negated_addresses = sets.negates_addresses(src) || sets.negates_addresses(dst);
  return words.options;
}

}  // namespace mirrorscan::rules
