// Random rules against random streams in random pieces: what the inspector alerts on must be what the oracle
// says of the whole stream. Rules that are refused, that are of another class, or that reach a limit are run
// and not compared.

#include "inspected_stream.h"

using namespace mirrorscan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  testing::FuzzInput input{data, size};
  constexpr std::uint32_t kWindows[] = {64, 256, 4'096};
  const std::uint32_t window = kWindows[input(3)];
  fuzz::RandomRule random(input);
  const fuzz::RandomRules rules(random, input, window);
  if (!rules.loaded) return 0;
  const std::string stream = fuzz::draw_stream(random, input);
  fuzz::InspectedStream inspected(rules.loaded);
  inspected.feed(stream, input);
  fuzz::Windows& found = inspected.end();
  if (inspected.limited()) return 0;
  support::StreamOracle oracle(*rules.loaded);
  for (signature::RuleIndex i = 0; i < rules.loaded->rules.size(); ++i) {
    const signature::Rule& rule = rules.loaded->rules[i];
    if (!oracle.understands(i) || !alert::applies(rule, fuzz::subject(), alert::Matched::stream)) continue;
    const auto expected = oracle.windows(i, stream);
    if (oracle.cut_off() > 0) return 0;
    if (expected != found[i])
      fuzz::fail(rules, stream, rule.sid, expected.size() > found[i].size() ? "lost" : "more");
  }
  return 0;
}
