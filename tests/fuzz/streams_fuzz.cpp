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
  fuzz::compare(rules, inspected, {stream});
  return 0;
}
