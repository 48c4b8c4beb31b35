#include "truth/specimen.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <vector>

#include "traffic/random.h"

namespace mirrorscan::truth {
namespace {

constexpr int kFree = -1;

/// What stands where; filler goes to the free places at last.
class Layout {
 public:
  Layout(std::size_t most_bytes, std::uint64_t draw) : most_(static_cast<int>(most_bytes)), random_(draw) {}

  [[nodiscard]] bool place(const NaiveTest& test) {
    if (test.kind == NaiveTest::Kind::isdataat) return room_for(test);
    if (test.negated) return true;
    const auto at = place_of(test);
    if (!at) return false;
    const std::string bytes = test.nocase ? in_some_case(test.bytes) : test.bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      cells_[static_cast<std::size_t>(*at) + i] = static_cast<unsigned char>(bytes[i]);
    cursor_ = *at + static_cast<int>(bytes.size());
    used_ = std::max(used_, cursor_);
    begin_ = std::min(begin_, *at);
    closed_ |= test.endswith;
    return true;
  }

  /// `length` at least; more where the tests ask for it.
  [[nodiscard]] std::optional<Specimen> filled(std::size_t length, char filler) const {
    length = std::max<std::size_t>(length, static_cast<std::size_t>(std::max(used_, least_)));
    if (length > static_cast<std::size_t>(most_) || begin_ > used_) return std::nullopt;
    if (closed_ && length != static_cast<std::size_t>(used_)) return std::nullopt;
    Specimen out;
    out.bytes.assign(length, filler);
    for (std::size_t i = 0; i < std::min(cells_.size(), length); ++i)
      if (cells_[i] != kFree) out.bytes[i] = static_cast<char>(cells_[i]);
    out.begin = static_cast<std::uint32_t>(begin_);
    out.end = static_cast<std::uint32_t>(used_);
    return out;
  }

 private:
  [[nodiscard]] bool room_for(const NaiveTest& test) {
    if (!test.negated) least_ = std::max(least_, test.relative ? cursor_ + test.position : test.position + 1);
    return true;
  }

  [[nodiscard]] std::optional<int> place_of(const NaiveTest& test) {
    const int size = static_cast<int>(test.bytes.size());
    int low = std::max(0, test.offset.value_or(0)), high = most_ - size;
    if (test.is_relative()) low = std::max(0, cursor_ + test.distance.value_or(0));
    if (test.within) high = std::min(high, cursor_ + test.distance.value_or(0) + *test.within - size);
    if (test.depth) high = std::min(high, low + *test.depth - size);
    if (test.startswith) high = std::min(high, 0);
    if (test.endswith) low = std::max(low, used_);
    for (int at = std::max(low, used_); at <= high; ++at)
      if (stays_consistent(test, at)) return at;
    for (int at = low; at <= std::min(high, used_); ++at)
      if (stays_consistent(test, at)) return at;
    return std::nullopt;
  }

  [[nodiscard]] bool stays_consistent(const NaiveTest& test, int at) {
    const std::size_t end = static_cast<std::size_t>(at) + test.bytes.size();
    if (cells_.size() < end) cells_.resize(end, kFree);
    for (std::size_t i = static_cast<std::size_t>(at); i < end; ++i) {
      const auto want = static_cast<unsigned char>(test.bytes[i - static_cast<std::size_t>(at)]);
      if (cells_[i] != kFree && cells_[i] != want) return false;
    }
    return true;
  }

  [[nodiscard]] std::string in_some_case(std::string bytes) {
    for (char& c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      if (random_.below(2) == 0) continue;
      c = static_cast<char>(std::isupper(byte) ? std::tolower(byte) : std::toupper(byte));
    }
    return bytes;
  }

  int most_;
  traffic::Random random_;
  std::vector<int> cells_;
  int cursor_ = 0, used_ = 0, least_ = 0;
  int begin_ = std::numeric_limits<int>::max();
  bool closed_ = false;  ///< a content must be the last
};

bool matches_whole(const signature::Rule& rule, const PlainRule& plain, const std::string& bytes) {
  if (!matches(plain.tests, NaivePayload{bytes, true, true, std::nullopt, 0})) return false;
  return packet_tests_hold(rule, bytes.size());
}

}  // namespace

std::optional<Specimen> specimen_of(const signature::Rule& rule, const PlainRule& plain,
                                    std::size_t most_bytes, std::uint64_t draw) {
  Layout layout(most_bytes, draw);
  for (const NaiveTest& test : plain.tests)
    if (!layout.place(test)) return std::nullopt;
  // dsize asks for a length; a negated content may lack any of these but not all.
  static constexpr std::array<char, 5> kFillers = {'.', '~', '\x01', 'Q', '\xfe'};
  for (std::size_t length = 0; length <= most_bytes; ++length) {
    const bool right_length = rule.packet.empty() || packet_tests_hold(rule, length);
    for (const char filler : kFillers) {
      if (!right_length) break;
      const auto specimen = layout.filled(length, filler);
      if (specimen && matches_whole(rule, plain, specimen->bytes)) return specimen;
    }
    if (rule.packet.empty()) break;
  }
  return std::nullopt;
}

}  // namespace mirrorscan::truth
