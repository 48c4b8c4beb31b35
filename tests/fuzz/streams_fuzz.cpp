// Random rules against random streams in random pieces: what the inspector alerts on must be what the oracle
// says of the whole stream. Rules that are refused, that are of another class, or that reach a limit are run
// and not compared.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "alert/inspector.h"
#include "rules/load.h"
#include "support/fuzz_input.h"
#include "support/random_rule.h"
#include "support/stream_oracle.h"

using namespace mirrorscan;

namespace {

using Windows = std::map<signature::RuleIndex, std::set<std::uint64_t>>;

alert::Subject subject() {
  alert::Subject s;
  s.version = IpVersion::v4;
  s.protocol = 6;
  s.direction = Direction::to_server;
  s.established = true;
  s.src_port = 40'000;
  s.dst_port = 80;
  s.src = IpAddress::v4(10, 0, 0, 1);
  s.dst = IpAddress::v4(10, 0, 0, 2);
  return s;
}

alert::Settings settings() {
  alert::Settings s;
  s.stream.window_bytes = std::size_t{1} << 20;
  s.stream.pended = 65'536;
  s.max_streams = 4;
  s.budgets = {0, 0, 60};
  return s;
}

/// What one stream in pieces alerts on.
class Run {
 public:
  explicit Run(std::shared_ptr<const ruleset::Ruleset> rules)
      : rules_(std::move(rules)), inspector_(settings(), counters_) {
    auto installed = inspector_.install(rules_);
    if (!installed) std::abort();
    generation_ = std::move(installed).value();
  }

  Windows windows(std::string_view stream, testing::FuzzInput& input) {
    alert::FlowState flow;
    const int most = 1 + input(3) * 100 + input(40);
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t size =
          std::min<std::size_t>(stream.size() - at, 1 + static_cast<std::size_t>(input(most)));
      (void)inspector_.inspect_stream(*generation_, flow, subject(),
                                      {as_bytes(stream.substr(at, size)), at, 0});
      settle(flow);
      at += size;
    }
    inspector_.end_stream(*generation_, flow, subject());
    settle(flow);
    return std::move(found_);
  }

  [[nodiscard]] bool limited() const {
    using ledger::Counter;
    for (const Counter c :
         {Counter::evaluation_steps_exhausted, Counter::pcre_limit, Counter::triggers_evicted,
          Counter::alert_memory_budget, Counter::matches_per_packet_budget, Counter::windows_budget})
      if (counters_[c] > 0) return true;
    return false;
  }

 private:
  void settle(alert::FlowState& flow) {
    inspector_.settle_matches(*generation_, flow, {}, [&](const alert::Match& match) {
      found_[match.rule].insert(match.stream_offset == 0 ? 0 : (match.stream_offset - 1) / rules_->window);
    });
  }

  ledger::Counters counters_;
  std::shared_ptr<const ruleset::Ruleset> rules_;
  alert::Inspector inspector_;
  std::unique_ptr<alert::Generation> generation_;
  Windows found_;
};

std::string draw_stream(support::RandomRule<testing::FuzzInput>& random, testing::FuzzInput& input) {
  std::string out;
  for (int left = input(40); left > 0; --left)
    out += random.word(30) + std::string(static_cast<std::size_t>(input(20)), 'x');
  return out;
}

[[noreturn]] void fail(const std::string& rules, const std::string& stream, std::uint32_t sid,
                       const char* what) {
  std::fprintf(stderr, "%s: sid %u\nrules:\n%sstream of %zu bytes: %s\n", what, sid, rules.c_str(),
               stream.size(), stream.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  testing::FuzzInput input{data, size};
  rules::Options options;
  constexpr std::uint32_t kWindows[] = {64, 256, 4'096};
  options.window = kWindows[input(3)];
  support::RandomRule<testing::FuzzInput> random(input);
  std::string text;
  for (std::uint32_t sid = 1, last = 1 + static_cast<std::uint32_t>(input(3)); sid <= last; ++sid)
    text += random.text(sid);
  auto loaded = rules::load_text("fuzz.rules", text, {}, options);
  if (!loaded || loaded.value().report.loaded == 0) return 0;
  const std::shared_ptr<const ruleset::Ruleset> rules = std::move(loaded.value().ruleset);
  const std::string stream = draw_stream(random, input);
  Run run(rules);
  Windows found = run.windows(stream, input);
  if (run.limited()) return 0;
  support::StreamOracle oracle(*rules);
  for (signature::RuleIndex i = 0; i < rules->rules.size(); ++i) {
    if (!oracle.understands(i) || !alert::applies(rules->rules[i], subject(), alert::Matched::stream))
      continue;
    const auto expected = oracle.windows(i, stream);
    if (oracle.cut_off() > 0) return 0;
    if (expected != found[i])
      fail(text, stream, rules->rules[i].sid, expected.size() > found[i].size() ? "lost" : "more");
  }
  return 0;
}
