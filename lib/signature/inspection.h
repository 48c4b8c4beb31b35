#pragma once
// The two kinds of test a rule is made of, and what they see. Keywords implement them (lib/keywords), the
// compile side asks them for their traits, the run side evaluates them. Nothing here allocates or throws at
// run time.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "packet/meta.h"

namespace mirrorscan::signature {

class PayloadTest;
class PcreWorkspace;  // keywords/pcre_workspace.h: match data and JIT stack of one lcore

/// One evaluation of a rule's payload tests over one buffer. `cursor` is the offset just after the last
/// match, to which relative tests refer.
struct Inspection {
  ByteView buffer;
  bool from_start =
      true;  ///< buffer[0] is the first byte of the payload (or stream): absolute offsets mean something
  bool to_end = true;  ///< nothing follows the last byte
  std::span<const std::unique_ptr<PayloadTest>> tests;
  /// The match of tests[pinned_test] must end at pinned_end: it is the hit that is being decided. Without it
  /// another occurrence, whose own surroundings are cut off, could stand in.
  std::size_t pinned_test = kNotPinned;
  std::uint32_t pinned_end = 0;
  static constexpr std::size_t kNotPinned = ~std::size_t{0};
  PcreWorkspace* pcre = nullptr;
  std::uint32_t steps_left = 0;  ///< bound on the work of one evaluation
  bool steps_exhausted = false;
  bool pcre_limit_hit = false;
  bool hopeless = false;  ///< what failed does not depend on where the tests before it matched
  bool variables_set = false;
  std::array<std::uint64_t, 16> variables{};  ///< of byte_extract and byte_math

  /// Takes `steps` from the bound for work that does not go through rest(): scanning, retries.
  void charge(std::uint32_t steps) noexcept {
    steps_exhausted = steps_exhausted || steps > steps_left;
    steps_left = steps > steps_left ? 0 : steps_left - steps;
  }
  void set_variable(std::size_t slot, std::uint64_t value) noexcept {
    variables[slot] = value;
    variables_set = true;
  }
  /// Whether to try another position of tests[index], since those behind it failed.
  [[nodiscard]] bool try_again(std::size_t index) noexcept;
  /// False, noting whether another position of a test before tests[index] could change that.
  bool give_up(std::size_t index) noexcept;
  /// Evaluates tests[index..]: true when all of them match. Called by each test for those after it.
  [[nodiscard]] bool rest(std::size_t index, std::uint32_t cursor) noexcept;
};

/// What the compile side must know of a payload test to choose trigger, class and window (design section 2).
struct PayloadTraits {
  bool relative = false;  ///< refers to the end of the previous match
  bool negated = false;
  bool moves_cursor =
      false;                ///< its match is what a relative test after it refers to: positive content, pcre
  bool anchored = false;    ///< its answer depends on where the payload starts or ends: offset, depth,
                            ///< startswith, endswith, isdataat without `relative` or negated
  bool from_start = false;  ///< offset, depth or startswith: measured from the start
  /// Anchored, and the reference asks it of each TCP segment too, not only of the stream: contents with
  /// offset, depth or startswith, and what needs the end.
  bool on_segments = false;
  bool monotone = true;  ///< a match stays a match when more bytes follow
  std::string literal;   ///< the bytes of a positive content; empty for other tests
  bool nocase = false;
  bool fast_pattern = false;         ///< the rule's author chose this one
  std::uint32_t max_offset_end = 0;  ///< with depth: no match ends after this offset; 0 = no bound
  /// The match ends at most this many bytes after the previous match's end (relative) or after the match's
  /// own start (not relative); nullopt = no bound.
  std::optional<std::uint32_t> reach_ahead;
  std::uint32_t reach_back = 0;  ///< bytes before the previous match's end that a relative test may start at
  /// Hyperscan syntax of a positive pcre whose matches are matches of this test (or a superset of them);
  /// empty if there is none. The flags are HS_FLAG_CASELESS, HS_FLAG_DOTALL and HS_FLAG_MULTILINE.
  std::string expression;
  bool expression_nocase = false, expression_dotall = false, expression_multiline = false;
};

class PayloadTest {
 public:
  virtual ~PayloadTest() = default;
  /// True when this test and all after it match; `index` is this test's position in in.tests. Implementations
  /// try their candidate positions and ask in.rest(index + 1, end) for the others.
  [[nodiscard]] virtual bool match(Inspection& in, std::size_t index,
                                   std::uint32_t cursor) const noexcept = 0;
  [[nodiscard]] virtual PayloadTraits traits() const = 0;
  /// One phrase for `mirrorscan check`, such as `content "abc" nocase`.
  [[nodiscard]] virtual std::string describe() const = 0;

  bool relative_next = false;  ///< the next test is relative to this one: other positions must be tried
};

inline bool Inspection::rest(std::size_t index, std::uint32_t cursor) noexcept {
  if (index == tests.size()) return true;
  if (steps_left == 0) {
    steps_exhausted = true;
    return false;
  }
  --steps_left;
  return tests[index]->match(*this, index, cursor);
}

inline bool Inspection::give_up(std::size_t index) noexcept {
  hopeless = hopeless || !(tests[index]->relative_next || variables_set);
  return false;
}

inline bool Inspection::try_again(std::size_t index) noexcept {
  if (!tests[index]->relative_next) return give_up(index);
  return !hopeless && !steps_exhausted && !pcre_limit_hit;
}

/// How far the two streams of a connection have come, in sequence numbers from the SYN's own: SYN and FIN
/// count one each.
struct StreamSizes {
  std::uint32_t client = 0, server = 0;  ///< of what each of them sent
};

/// What a test on packet fields sees. `l3` starts at the inner IP header and is contiguous to the payload's
/// last captured byte; empty when the packet could not be read in one piece.
struct PacketView {
  const packet::Meta& meta;
  ByteView l3;
  std::uint32_t payload_length = 0;      ///< as its headers state it: mirrors cut packets
  const StreamSizes* streams = nullptr;  ///< of the tracked connection, the packet included; else null

  /// What begins with the transport header, as captured: empty when that header is not there.
  [[nodiscard]] ByteView l4() const noexcept {
    const std::size_t at = std::size_t{meta.l4_offset} - meta.l3_offset;
    const bool there = meta.transport != packet::Transport::none && meta.l4_offset >= meta.l3_offset;
    return there && at <= l3.size() ? l3.subspan(at) : ByteView{};
  }
};

/// A condition on the packet itself: itype, dsize, flags ...
class PacketTest {
 public:
  virtual ~PacketTest() = default;
  [[nodiscard]] virtual bool match(const PacketView& packet) const noexcept = 0;
  [[nodiscard]] virtual std::string describe() const = 0;
};

}  // namespace mirrorscan::signature
