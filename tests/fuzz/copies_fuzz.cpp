// A part of a random stream comes twice with other bytes: each rule must alert where the oracle says so of
// the first version, and where it says so of the second, and nowhere else.

#include <algorithm>

#include "inspected_stream.h"

using namespace mirrorscan;

namespace {

/// A stretch of the stream with other bytes, sent again once `fed` bytes were inspected.
struct SecondCopy {
  std::size_t fed = 0, begin = 0;
  std::string bytes;
};

SecondCopy draw_copy(const std::string& stream, fuzz::RandomRule& random, testing::FuzzInput& input) {
  const auto below = [&](std::size_t bound) {
    return static_cast<std::size_t>(input(256) * 256 + input(256)) % bound;
  };
  SecondCopy out;
  out.fed = 1 + below(stream.size());
  out.begin = below(out.fed);
  out.bytes = stream.substr(out.begin, std::min<std::size_t>(1 + below(60), out.fed - out.begin));
  out.bytes.replace(below(out.bytes.size()), 10, random.word(10));
  out.bytes.resize(std::min(out.bytes.size(), out.fed - out.begin));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  testing::FuzzInput input{data, size};
  fuzz::RandomRule random(input);
  // So large that all of the stream is still there when the copy comes.
  const fuzz::RandomRules rules(random, input, 4'096);
  const std::string stream = fuzz::draw_stream(random, input);
  if (!rules.loaded || stream.empty()) return 0;
  const SecondCopy copy = draw_copy(stream, random, input);
  std::string second = stream;
  second.replace(copy.begin, copy.bytes.size(), copy.bytes);

  fuzz::InspectedStream inspected(rules.loaded);
  inspected.feed(std::string_view(stream).substr(0, copy.fed), input);
  inspected.again(copy.begin, copy.bytes);
  inspected.feed(std::string_view(stream).substr(copy.fed), input);
  fuzz::compare(rules, inspected, {stream, second},
                " after " + std::to_string(copy.fed) + " bytes, copy of " +
                    std::to_string(copy.bytes.size()) + " at " + std::to_string(copy.begin));
  return 0;
}
