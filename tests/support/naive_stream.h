#pragma once
// The slow twin of a reassembled stream: one map entry a byte, a table of overlaps, and no cleverness.

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/overlap_policy.h"

namespace mirrorscan::test {

/// In which forms of overlap the later of two waiting segments takes what both have. A form is where the
/// later one begins (before the earlier, with it, after it) and, for each of those, where it ends. The first
/// six rows are what Suricata 7.0.10 answered, tried form by form.
[[nodiscard]] inline bool later_takes(OverlapPolicy policy, int begins, int ends) {
  constexpr std::string_view kForms[kOverlapPolicies] = {
      "yyy nnn nnn",  // windows
      "yyy nnn nnn",  // bsd
      "yyy nnn nnn",  // bsd-right
      "yyy nny nnn",  // linux
      "yyy nyy nnn",  // old-linux
      "nyy nyy nny",  // solaris
      "nnn nnn nnn",  // first
      "yyy yyy yyy",  // last
  };
  return kForms[static_cast<std::size_t>(policy)][static_cast<std::size_t>(begins * 4 + ends)] == 'y';
}

class NaiveStream {
 public:
  explicit NaiveStream(OverlapPolicy policy = OverlapPolicy::windows) : policy_(policy) {}

  struct Ends {
    std::uint32_t old = 0;    ///< before the next byte: retransmitted or late
    std::uint32_t again = 0;  ///< held already
    std::uint32_t fresh = 0;  ///< delivered or held
    bool differs = false;
  };

  /// The bytes at offset, and after them `cut` that nobody captured.
  Ends take(std::uint64_t offset, std::string_view bytes, std::uint32_t cut) {
    Ends ends;
    ++segment_;
    const std::uint64_t begin = std::max(offset, next_), end = offset + bytes.size();
    part_end_ = 0;
    std::vector<bool> wins;  // decided before the first byte changes
    for (std::uint64_t at = begin; at < end; ++at) wins.push_back(takes(at, begin, end));
    for (const char byte : bytes) {
      take_byte(offset, byte, offset >= begin && wins[static_cast<std::size_t>(offset - begin)], ends);
      ++offset;
    }
    for (const std::uint64_t stated = offset + cut; offset < stated; ++offset)
      if (offset >= next_) bytes_.try_emplace(offset);
    advance();
    return ends;
  }

  /// Gives up every hole with something behind it.
  void flush() {
    while (!bytes_.empty()) {
      gap_ += bytes_.begin()->first - next_;
      next_ = bytes_.begin()->first;
      advance();
    }
  }

  /// As TcpTalk::text().
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::uint64_t next() const { return next_; }
  [[nodiscard]] std::uint64_t held() const {
    std::uint64_t n = 0;
    for (const auto& [offset, byte] : bytes_) n += byte.value ? 1 : 0;
    return n;
  }
  /// The delivered offsets that had more than one value while they waited: the other values.
  [[nodiscard]] const std::map<std::uint64_t, std::string>& others() const { return others_; }

 private:
  struct Byte {
    std::optional<char> value;  ///< nullopt: known to be missing
    std::uint32_t segment = 0;  ///< that gave it
    std::string lost;           ///< other values that were offered
  };

  [[nodiscard]] bool gave(std::uint32_t segment, std::uint64_t offset) const {
    const auto found = bytes_.find(offset);
    return found != bytes_.end() && found->second.value && found->second.segment == segment;
  }

  /// Whether a segment at [begin, end) takes the byte from the one that gave it: from what lies together of
  /// it.
  [[nodiscard]] bool takes(std::uint64_t offset, std::uint64_t begin, std::uint64_t end) {
    const auto there = bytes_.find(offset);
    if (there == bytes_.end() || !there->second.value) return false;
    const std::uint32_t segment = there->second.segment;
    if (offset >= part_end_) {
      for (part_begin_ = offset; part_begin_ > 0 && gave(segment, part_begin_ - 1);) --part_begin_;
      for (part_end_ = offset + 1; gave(segment, part_end_);) ++part_end_;
    }
    const auto form = [](std::uint64_t later, std::uint64_t earlier) {
      return later < earlier ? 0 : later == earlier ? 1 : 2;
    };
    return later_takes(policy_, form(begin, part_begin_), form(end, part_end_));
  }

  void take_byte(std::uint64_t offset, char byte, bool wins, Ends& ends) {
    if (offset < next_) {
      ++ends.old;
      return;
    }
    Byte& there = bytes_[offset];
    if (!there.value) {
      there = {byte, segment_, {}};
      ++ends.fresh;
      return;
    }
    ++ends.again;
    ends.differs = ends.differs || *there.value != byte;
    there.lost += wins ? *there.value : byte;
    if (!wins) return;
    there.value = byte;
    there.segment = segment_;
  }

  void advance() {
    for (auto it = bytes_.begin(); it != bytes_.end() && it->first == next_; it = bytes_.erase(it), ++next_) {
      if (!it->second.value) {
        ++gap_;
        continue;
      }
      if (gap_ > 0) text_.append(1, '<').append(std::to_string(gap_)).append(1, '>');
      gap_ = 0;
      text_ += *it->second.value;
      std::erase(it->second.lost, *it->second.value);
      if (!it->second.lost.empty()) others_[next_] = it->second.lost;
    }
  }

  OverlapPolicy policy_;
  std::uint32_t segment_ = 0;
  std::uint64_t part_begin_ = 0, part_end_ = 0;  ///< of the earlier segment met last
  std::map<std::uint64_t, Byte> bytes_;
  std::uint64_t next_ = 0;
  std::uint64_t gap_ = 0;
  std::string text_;
  std::map<std::uint64_t, std::string> others_;
};

}  // namespace mirrorscan::test
