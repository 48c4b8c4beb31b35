// Chains of contents and isdataat drawn from the input must give the naive twin's answer. Inputs that begin
// with an odd byte go to the keywords as text instead: whatever it is, it is accepted or refused with a
// reason.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "keywords/validate.h"
#include "support/draft.h"
#include "support/fuzz_input.h"
#include "support/random_chain.h"

using namespace mirrorscan;

namespace {

void compare(testing::FuzzInput pick) {
  const auto chain = naive::draw_chain(pick);
  const auto payload = naive::draw_payload(pick);
  keywords::Draft draft;
  if (!testing::read(naive::options(chain), draft).empty()) std::abort();
  const auto result = testing::evaluate(draft, payload.bytes, payload.from_start, payload.to_end);
  if (result.matched != naive::matches(chain, payload)) std::abort();
}

/// Lines of "keyword:arguments", the last line is the payload.
void read_text(std::string_view text) {
  keywords::Draft draft;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::size_t colon = line.find(':');
    const keywords::Keyword* keyword = keywords::find(line.substr(0, colon));
    if (!keyword) continue;
    const std::string_view args =
        colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    const Status status = keyword->parse(args, draft);
    if (!status && status.error().what.empty()) std::abort();
  }
  if (!keywords::validate(draft)) return;
  static signature::PcreWorkspace workspace;
  for (const auto& test : draft.rule.payload) {
    if (test->describe().empty()) std::abort();
  }
  (void)testing::evaluate(draft, text, true, true, &workspace, 10'000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0 && data[0] % 2 == 1) {
    read_text({reinterpret_cast<const char*>(data + 1), size - 1});
  } else {
    compare({data, size});
  }
  return 0;
}
