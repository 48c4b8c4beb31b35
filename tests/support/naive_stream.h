#pragma once
// The slow twin of a reassembled stream: one map entry a byte, and no cleverness.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mirrorscan::test {

class NaiveStream {
 public:
  struct Ends {
    std::uint32_t old = 0;    ///< before the next byte: retransmitted or late
    std::uint32_t again = 0;  ///< held already
    std::uint32_t fresh = 0;  ///< delivered or held
    bool differs = false;
  };

  /// The bytes at offset, and after them `cut` that nobody captured.
  Ends take(std::uint64_t offset, std::string_view bytes, std::uint32_t cut) {
    Ends ends;
    for (const char byte : bytes) take_byte(offset++, byte, ends);
    for (const std::uint64_t end = offset + cut; offset < end; ++offset)
      if (offset >= next_) bytes_.try_emplace(offset, std::nullopt);
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
    for (const auto& [offset, byte] : bytes_) n += byte ? 1 : 0;
    return n;
  }

 private:
  void take_byte(std::uint64_t offset, char byte, Ends& ends) {
    if (offset < next_) {
      ++ends.old;
      return;
    }
    std::optional<char>& there = bytes_[offset];
    if (there) {
      ++ends.again;
      ends.differs = ends.differs || *there != byte;
      return;
    }
    there = byte;
    ++ends.fresh;
  }

  void advance() {
    for (auto it = bytes_.begin(); it != bytes_.end() && it->first == next_; it = bytes_.erase(it), ++next_) {
      if (!it->second) {
        ++gap_;
        continue;
      }
      if (gap_ > 0) text_.append(1, '<').append(std::to_string(gap_)).append(1, '>');
      gap_ = 0;
      text_ += *it->second;
    }
  }

  std::map<std::uint64_t, std::optional<char>> bytes_;  ///< nullopt: known to be missing
  std::uint64_t next_ = 0;
  std::uint64_t gap_ = 0;
  std::string text_;
};

}  // namespace mirrorscan::test
