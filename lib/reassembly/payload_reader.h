#pragma once
// Reads a payload that is spread over several pieces, front to back.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/bytes.h"

namespace mirrorscan::reassembly {

class PayloadReader {
 public:
  explicit PayloadReader(std::span<const ByteView> pieces) noexcept : pieces_(pieces) {}

  void skip(std::size_t bytes) noexcept {
    while (bytes > 0) {
      const ByteView part = take(bytes);
      if (part.empty()) return;
      bytes -= part.size();
    }
  }

  void copy(std::uint8_t* to, std::size_t bytes) noexcept {
    while (bytes > 0) {
      const ByteView part = take(bytes);
      if (part.empty()) break;
      std::memcpy(to, part.data(), part.size());
      to += part.size();
      bytes -= part.size();
    }
    // Pieces shorter than promised: never leave another stream's bytes in the page.
    std::memset(to, 0, bytes);
  }

  [[nodiscard]] bool same(const std::uint8_t* as, std::size_t bytes) noexcept {
    bool equal = true;
    while (bytes > 0) {
      const ByteView part = take(bytes);
      if (part.empty()) return equal;
      equal = equal && std::memcmp(as, part.data(), part.size()) == 0;
      as += part.size();
      bytes -= part.size();
    }
    return equal;
  }

 private:
  /// Up to `bytes` bytes that lie together; empty at the end.
  [[nodiscard]] ByteView take(std::size_t bytes) noexcept {
    while (piece_ < pieces_.size() && used_ == pieces_[piece_].size()) {
      ++piece_;
      used_ = 0;
    }
    if (piece_ == pieces_.size()) return {};
    const std::size_t n = std::min(bytes, pieces_[piece_].size() - used_);
    const ByteView part = pieces_[piece_].subspan(used_, n);
    used_ += n;
    return part;
  }

  std::span<const ByteView> pieces_;
  std::size_t piece_ = 0;
  std::size_t used_ = 0;
};

}  // namespace mirrorscan::reassembly
