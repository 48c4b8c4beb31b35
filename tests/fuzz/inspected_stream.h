#pragma once
// Random rules, and one stream fed to the inspector by hand: what the targets `streams` and `copies` share.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "alert/inspector.h"
#include "rules/load.h"
#include "support/fuzz_input.h"
#include "support/random_rule.h"
#include "support/stream_oracle.h"

namespace mirrorscan::fuzz {

/// By rule: the windows of the stream in which it alerts.
using Windows = std::map<signature::RuleIndex, std::set<std::uint64_t>>;
using RandomRule = support::RandomRule<testing::FuzzInput>;

inline alert::Subject subject() {
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

inline alert::Settings settings() {
  alert::Settings s;
  s.stream.window_bytes = std::size_t{1} << 20;
  s.stream.pended = 65'536;
  s.max_streams = 4;
  s.budgets = {0, 0, 60};
  return s;
}

/// Up to three rules, as text; rules that are refused are part of it.
struct RandomRules {
  std::string text;
  std::shared_ptr<const ruleset::Ruleset> loaded;  ///< null where none was accepted

  RandomRules(RandomRule& random, testing::FuzzInput& input, std::uint32_t window) {
    rules::Options options;
    options.window = window;
    for (std::uint32_t sid = 1, last = 1 + static_cast<std::uint32_t>(input(3)); sid <= last; ++sid)
      text += random.text(sid);
    auto found = rules::load_text("fuzz.rules", text, {}, options);
    if (found && found.value().report.loaded > 0) loaded = std::move(found.value().ruleset);
  }
};

inline std::string draw_stream(RandomRule& random, testing::FuzzInput& input) {
  std::string out;
  for (int left = input(40); left > 0; --left)
    out += random.word(30) + std::string(static_cast<std::size_t>(input(20)), 'x');
  return out;
}

/// One stream, and what it alerts on.
class InspectedStream {
 public:
  explicit InspectedStream(std::shared_ptr<const ruleset::Ruleset> rules)
      : rules_(std::move(rules)), inspector_(settings(), counters_) {
    auto installed = inspector_.install(rules_);
    if (!installed) std::abort();
    generation_ = std::move(installed).value();
  }

  /// The next bytes, in pieces that the input chooses.
  void feed(std::string_view bytes, testing::FuzzInput& input) {
    const int most = 1 + input(3) * 100 + input(40);
    while (!bytes.empty()) {
      const std::size_t size = std::min<std::size_t>(bytes.size(), 1 + static_cast<std::size_t>(input(most)));
      (void)inspector_.inspect_stream(*generation_, flow_, subject(),
                                      {as_bytes(bytes.substr(0, size)), next_, 0});
      next_ += size;
      bytes.remove_prefix(size);
      settle();
    }
  }
  /// Bytes that were fed before come again.
  void again(std::uint64_t offset, std::string_view bytes) {
    (void)inspector_.inspect_copy(*generation_, flow_, subject(), {as_bytes(bytes), offset, 0});
    settle();
  }
  Windows& end() {
    inspector_.end_stream(*generation_, flow_, subject());
    settle();
    return found_;
  }

  /// Whether a budget was used up, so that something may be missing.
  [[nodiscard]] bool limited() const {
    using ledger::Counter;
    for (const Counter c :
         {Counter::evaluation_steps_exhausted, Counter::pcre_limit, Counter::triggers_evicted,
          Counter::alert_memory_budget, Counter::matches_per_packet_budget, Counter::windows_budget,
          Counter::second_versions_budget})
      if (counters_[c] > 0) return true;
    return false;
  }

 private:
  void settle() {
    inspector_.settle_matches(*generation_, flow_, {}, [&](const alert::Match& match) {
      found_[match.rule].insert(match.stream_offset == 0 ? 0 : (match.stream_offset - 1) / rules_->window);
    });
  }

  ledger::Counters counters_;
  std::shared_ptr<const ruleset::Ruleset> rules_;
  alert::Inspector inspector_;
  std::unique_ptr<alert::Generation> generation_;
  alert::FlowState flow_;
  std::uint64_t next_ = 0;
  Windows found_;
};

/// Each rule must alert where the oracle says so of one of the versions: the stream, and others that it had,
/// which rules with `tcp-stream` do not see. Else ends the process with the rules, the versions and `how`
/// they were fed. Nothing is compared where a limit cut something off.
inline void compare(const RandomRules& rules, InspectedStream& inspected,
                    const std::vector<std::string>& versions, const std::string& how = {}) {
  Windows& found = inspected.end();
  if (inspected.limited()) return;
  support::StreamOracle oracle(*rules.loaded);
  for (signature::RuleIndex i = 0; i < rules.loaded->rules.size(); ++i) {
    const signature::Rule& rule = rules.loaded->rules[i];
    if (!oracle.understands(i) || !alert::applies(rule, subject(), alert::Matched::stream)) continue;
    std::set<std::uint64_t> expected;
    for (const std::string& version : versions)
      if (&version == &versions.front() || rule.scope != signature::Scope::stream)
        expected.merge(oracle.windows(i, version));
    if (oracle.cut_off() > 0) return;
    if (expected == found[i]) continue;
    std::fprintf(stderr, "%s%s: sid %u\nrules:\n%s", expected.size() > found[i].size() ? "lost" : "more",
                 how.c_str(), rule.sid, rules.text.c_str());
    for (const std::string& version : versions)
      std::fprintf(stderr, "stream of %zu bytes: %s\n", version.size(), version.c_str());
    std::abort();
  }
}

}  // namespace mirrorscan::fuzz
