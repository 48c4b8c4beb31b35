// What a fuzz target checks, on inputs of a random generator: random rules on random streams give the
// oracle's answer. A difference ends the process with the rules and the stream. MIRRORSCAN_LONG=1 takes more.

#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

#include "support/catch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

TEST_CASE("random choices give the oracle's answer") {
  const unsigned rounds = std::getenv("MIRRORSCAN_LONG") != nullptr ? 100'000 : 1'500;
  const char* first = std::getenv("MIRRORSCAN_SEED");
  const unsigned from = first == nullptr ? 1 : static_cast<unsigned>(std::atoi(first));
  for (unsigned seed = from; seed < from + rounds; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::uint8_t> input(200 + random() % 3'000);
    for (std::uint8_t& byte : input) byte = static_cast<std::uint8_t>(random());
    UNSCOPED_INFO("seed " << seed);
    CHECK(LLVMFuzzerTestOneInput(input.data(), input.size()) == 0);
  }
}
