#include "truth/background.h"

#include <algorithm>

#include "truth/literal_index.h"
#include "truth/rule_scope.h"

namespace mirrorscan::truth {
namespace {

using traffic::Book;
using traffic::Kind;

/// profile.h has the ports.
struct OrdinaryFlow {
  Kind kind;
  std::uint8_t protocol;
  std::uint16_t server_port;
};
constexpr OrdinaryFlow kOrdinary[] = {{Kind::http, kTcp, 80},
                                      {Kind::tls, kTcp, 443},
                                      {Kind::tcp, kTcp, 9000},
                                      {Kind::dns, kUdp, 53},
                                      {Kind::udp, kUdp, 5000}};

/// All that flows of the kind say in the direction, and so much of its beginning once more that nothing is
/// cut in two where a flow goes on from the end to the beginning.
std::string said(const Book& book, Kind kind, Direction direction, std::size_t again) {
  std::string out;
  if (traffic::says_raw_text(kind)) {
    out = as_text(book.text);
  } else {
    for (const Book::Entry& entry : book.entries)
      if (entry.direction == direction) out += as_text(book.bytes_of(entry));
  }
  if (out.empty()) return out;
  const std::size_t once = out.size();
  for (std::size_t i = 0; i < again; ++i) out += out[i % once];
  return out;
}

/// Positive contents of all rules, each with a number, and the numbers of each rule.
struct Contents {
  LiteralIndex index;
  std::vector<std::vector<std::uint32_t>> of_rule;
  std::uint32_t count = 0;
  std::size_t longest = 0;

  explicit Contents(std::span<const PlainRule> plain) : of_rule(plain.size()) {
    for (std::size_t rule = 0; rule < plain.size(); ++rule) {
      for (const NaiveTest& test : plain[rule].tests) {
        if (!test.is_positive_content()) continue;
        longest = std::max(longest, test.bytes.size());
        of_rule[rule].push_back(count);
        index.add(count++, test.bytes);
      }
    }
  }

  [[nodiscard]] std::vector<bool> occurring_in(const std::string& text) const {
    std::vector<bool> out(count);
    index.scan(text, [&](const LiteralIndex::Found& found) { out[found.id] = true; });
    return out;
  }
};

}  // namespace

std::vector<std::string> matched_by_background(const ruleset::Ruleset& rules,
                                               std::span<const PlainRule> plain, const traffic::Books& books,
                                               const traffic::Flows& flows) {
  const Contents contents(plain);
  std::vector<std::string> out(plain.size());
  for (const OrdinaryFlow& flow : kOrdinary) {
    if (flows.mix[static_cast<std::size_t>(flow.kind)] <= 0) continue;
    for (const Direction direction : {Direction::to_server, Direction::to_client}) {
      const std::string text = said(books.of(flow.kind), flow.kind, direction, contents.longest);
      const std::vector<bool> occurs = contents.occurring_in(text);
      for (std::size_t rule = 0; rule < plain.size(); ++rule) {
        const auto& wanted = contents.of_rule[rule];
        if (!may_accept(rules.rules[rule], flow.protocol, flow.server_port, direction)) continue;
        if (std::all_of(wanted.begin(), wanted.end(), [&](std::uint32_t id) { return occurs[id]; }))
          out[rule] = std::string(name_of(flow.kind)) + ' ' + std::string(name_of(direction));
      }
    }
  }
  return out;
}

}  // namespace mirrorscan::truth
