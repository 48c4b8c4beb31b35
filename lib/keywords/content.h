#pragma once
// content: fixed bytes at a place that its modifiers describe.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "keywords/keyword.h"
#include "keywords/needle.h"
#include "keywords/quantity.h"

namespace mirrorscan::keywords {

/// A content and what its modifiers have said so far. They come after it, so it is built while the rule is
/// read; from then on only match(), traits() and describe() are called.
///
/// The range in which the whole match must lie, in bytes of the buffer:
///
///     absolute   [offset, offset + depth)
///     relative   [cursor + distance, cursor + distance + within), cut at the buffer's ends
class Content final : public signature::PayloadTest {
 public:
  /// Scanning this many bytes counts as one step of the evaluation's bound.
  static constexpr std::size_t kBytesPerStep = 128;

  struct Modifiers {
    std::optional<Quantity> offset, depth, distance, within;
    bool negated = false, nocase = false, startswith = false, endswith = false;
    bool fast_pattern = false;
    /// `fast_pattern:only`: a promise that it stands alone. It is matched like any other content.
    bool fast_pattern_only = false;
    /// Nothing before it moves the cursor, so that distance and within count from the buffer's start.
    bool first = false;

    [[nodiscard]] bool relative() const noexcept { return distance || within; }
    [[nodiscard]] bool placed() const noexcept { return relative() || offset || depth || startswith; }
    /// A place depends on a byte_extract or byte_math.
    [[nodiscard]] bool has_variable() const noexcept;
  };

  Content(std::vector<std::uint8_t> bytes, bool negated);

  [[nodiscard]] bool match(signature::Inspection& in, std::size_t index,
                           std::uint32_t cursor) const noexcept override;
  [[nodiscard]] signature::PayloadTraits traits() const override;
  [[nodiscard]] std::string describe() const override;

  [[nodiscard]] const Modifiers& modifiers() const noexcept { return modifiers_; }
  [[nodiscard]] std::uint32_t length() const noexcept { return static_cast<std::uint32_t>(needle_.size()); }
  /// As written, whatever their case.
  [[nodiscard]] ByteView bytes() const noexcept { return needle_.bytes(); }
  /// For the keywords that modify it, while the rule is read.
  void set(const Modifiers& modifiers);

 private:
  struct Range {
    std::size_t begin, end;  ///< end is at most the buffer's size; begin may lie beyond it
  };
  [[nodiscard]] Range range(const signature::Inspection& in, std::uint32_t cursor) const noexcept;
  /// The traits of where it stands: class, and how far from the last match.
  void place_traits(signature::PayloadTraits& out) const;
  [[nodiscard]] std::size_t find(signature::Inspection& in, std::size_t begin,
                                 std::size_t end) const noexcept;
  [[nodiscard]] bool from_start() const noexcept;
  /// Whether the match may and does end at `end_at`.
  [[nodiscard]] bool ends_at(ByteView buffer, Range range, std::size_t end_at) const noexcept;

  Modifiers modifiers_;
  Needle needle_;
};

Status parse_content(std::string_view args, Draft& draft);

/// The content that a modifier means: the last one of the current buffer, with its place in draft.tests().
struct ContentPlace {
  Content* content = nullptr;  ///< nullptr where the rule has none yet
  std::size_t index = 0;
};
[[nodiscard]] ContentPlace last_content(Draft& draft);

}  // namespace mirrorscan::keywords
