#include "truth/plain_rule.h"

#include <algorithm>

#include "keywords/content.h"
#include "keywords/dsize.h"
#include "keywords/isdataat.h"

namespace mirrorscan::truth {
namespace {

std::optional<int> as_int(const std::optional<keywords::Quantity>& value) {
  return value ? std::optional<int>(static_cast<int>(value->most())) : std::nullopt;
}

NaiveTest plain(const keywords::Content& content) {
  const auto& m = content.modifiers();
  NaiveTest out;
  out.negated = m.negated;
  out.bytes = as_text(content.bytes());
  out.nocase = m.nocase;
  out.startswith = m.startswith;
  out.endswith = m.endswith;
  out.offset = as_int(m.offset);
  out.depth = as_int(m.depth);
  out.distance = as_int(m.distance);
  out.within = as_int(m.within);
  return out;
}

NaiveTest plain(const keywords::IsDataAt& test) {
  NaiveTest out;
  out.kind = NaiveTest::Kind::isdataat;
  out.negated = test.spec().negated;
  out.position = static_cast<int>(test.spec().position.most());
  out.relative = test.spec().relative;
  return out;
}

const keywords::Dsize* as_dsize(const signature::PacketTest& test) {
  return dynamic_cast<const keywords::Dsize*>(&test);
}

}  // namespace

std::optional<std::size_t> PlainRule::longest_content() const {
  std::optional<std::size_t> longest;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    if (!tests[i].is_positive_content()) continue;
    if (!longest || tests[i].bytes.size() > tests[*longest].bytes.size()) longest = i;
  }
  return longest;
}

PlainRule plain_rule(const signature::Rule& rule) {
  PlainRule out;
  for (const auto& test : rule.payload) {
    if (const auto* content = dynamic_cast<const keywords::Content*>(test.get())) {
      out.tests.push_back(plain(*content));
      if (content->modifiers().has_variable()) out.not_understood = test->describe();
    } else if (const auto* isdataat = dynamic_cast<const keywords::IsDataAt*>(test.get())) {
      out.tests.push_back(plain(*isdataat));
      if (isdataat->spec().position.is_variable()) out.not_understood = test->describe();
    } else {
      out.not_understood = test->describe();
    }
  }
  for (const auto& header : rule.headers)
    for (const auto& test : header.tests) out.not_understood = test->describe();
  for (const auto& test : rule.packet)
    if (!as_dsize(*test)) out.not_understood = test->describe();
  return out;
}

bool packet_tests_hold(const signature::Rule& rule, std::size_t payload_bytes) {
  const packet::Meta meta;
  const signature::PacketView view{meta, {}, static_cast<std::uint32_t>(payload_bytes)};
  return std::all_of(rule.packet.begin(), rule.packet.end(), [&](const auto& test) {
    const auto* dsize = as_dsize(*test);
    return dsize && dsize->match(view);
  });
}

}  // namespace mirrorscan::truth
