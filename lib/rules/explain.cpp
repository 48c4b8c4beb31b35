#include "rules/explain.h"

#include <utility>

#include "rules/classify.h"
#include "rules/cost_warnings.h"
#include "rules/flow_names.h"
#include "rules/host_text.h"

namespace mirrorscan::rules {

ruleset::Explanation explain(const signature::Rule& rule, std::uint32_t window) {
  ruleset::Explanation out;
  out.sid = rule.sid;
  out.gid = rule.gid;
  out.rev = rule.rev;
  out.file = rule.text.file;
  out.line = rule.text.line;
  out.msg = rule.text.msg;
  out.rule_class = rule.rule_class;
  if (rule.trigger) {
    out.trigger = rule.payload[rule.trigger->test]->describe();
    out.trigger_buffer = "payload";
    out.prefilter = rule.trigger->prefilter;
  }
  for (const auto& test : rule.packet) out.tests.push_back(test->describe());
  for (const auto& header : rule.headers) {
    for (const auto& test : header.tests)
      out.tests.push_back(std::string(name_of(header.buffer)) + ": " + test->describe());
  }
  for (const auto& test : rule.payload) out.tests.push_back(test->describe());
  for (const auto& test : rule.state.tests) out.tests.push_back(describe(test));
  for (const auto& effect : rule.state.effects) out.tests.push_back(describe(effect));
  for (std::string& text : describe(rule.host)) out.tests.push_back(std::move(text));
  out.look_back = rule.look_back;
  out.look_ahead = rule.look_ahead;
  for (const Direction direction : {Direction::to_server, Direction::to_client}) {
    for (std::size_t kind = 0; kind < ruleset::kScanKinds; ++kind) {
      out.scans[index_of(direction)][kind] =
          takes_part(rule, static_cast<ruleset::ScanKind>(kind), direction);
    }
  }
  out.pcres = pcre_uses(rule);
  out.costly = cost_warnings(rule, window);
  return out;
}

}  // namespace mirrorscan::rules
