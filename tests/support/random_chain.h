#pragma once
// Chains of payload tests and payloads drawn from small alphabets, so that near misses are the rule.
// `pick(n)` gives a number from 0 to n - 1: a random generator in tests, the input's bytes in the fuzz
// target.

#include <string>
#include <vector>

#include "support/naive_rule.h"

namespace mirrorscan::naive {

template <class Pick>
std::string draw_bytes(Pick& pick, int least, int most) {
  std::string out;
  for (int left = least + static_cast<int>(pick(most - least + 1)); left > 0; --left) out += "aAbB"[pick(4)];
  return out;
}

/// A content that the keywords accept.
template <class Pick>
Test draw_content(Pick& pick) {
  Test t;
  t.bytes = draw_bytes(pick, 1, 3);
  const int length = static_cast<int>(t.bytes.size());
  t.negated = pick(4) == 0;
  t.nocase = pick(3) == 0;
  t.endswith = pick(6) == 0;
  switch (pick(7)) {
    case 0: t.startswith = true; break;
    case 1: t.offset = static_cast<int>(pick(8)); break;
    case 2: t.depth = length + static_cast<int>(pick(8)); break;
    case 3:
      t.offset = static_cast<int>(pick(8));
      t.depth = length + static_cast<int>(pick(6));
      break;
    case 4: t.distance = static_cast<int>(pick(12)) - 6; break;
    case 5:
      t.distance = static_cast<int>(pick(12)) - 6;
      t.within = length + static_cast<int>(pick(6));
      break;
    default: break;
  }
  return t;
}

template <class Pick>
std::vector<Test> draw_chain(Pick& pick) {
  std::vector<Test> out;
  for (auto left = 1 + pick(5); left > 0; --left) {
    if (pick(4) != 0) {
      out.push_back(draw_content(pick));
      continue;
    }
    Test t;
    t.kind = Test::Kind::isdataat;
    t.negated = pick(2) == 0;
    t.relative = pick(3) != 0;
    t.position = static_cast<int>(pick(10));
    out.push_back(t);
  }
  return out;
}

template <class Pick>
Payload draw_payload(Pick& pick) {
  return {draw_bytes(pick, 0, 20), pick(4) != 0, pick(4) != 0};
}

}  // namespace mirrorscan::naive
