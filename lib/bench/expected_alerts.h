#pragma once
// The ground truth of generated traffic against what a worker told: each alert once, none more.

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/address.h"
#include "base/result.h"
#include "record/record.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::bench {

class ExpectedAlerts {
 public:
  /// Reads a file in the form of docs/truth-format.md. Errors: a file that cannot be read, or a line of
  /// another form.
  [[nodiscard]] static Result<ExpectedAlerts> read(const std::string& path);

  struct Comparison {
    std::uint64_t expected = 0, found = 0, missing = 0, extra = 0;
    /// Of the expected alerts those that were found; 1 where none is expected.
    [[nodiscard]] double recall() const noexcept;
    [[nodiscard]] bool exact() const noexcept { return missing == 0 && extra == 0; }
  };

  /// An alert of a worker that uses `rules`.
  void found(const record::Record& alert, const ruleset::Ruleset& rules);
  /// Alerts of excluded rules, and of attacks that are left open, are ignored.
  [[nodiscard]] Comparison compare() const;

 private:
  struct Key {
    std::uint32_t sid = 0, vni = 0;
    std::uint8_t protocol = 0;
    std::uint16_t src_port = 0, dst_port = 0;
    IpAddress src, dst;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Counts {
    std::uint64_t expected = 0, found = 0;
  };

  std::map<Key, Counts> counts_;
  std::set<std::uint32_t> excluded_;
  std::set<Key> open_;
};

}  // namespace mirrorscan::bench
