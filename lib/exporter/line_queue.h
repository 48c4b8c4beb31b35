#pragma once
// Lines that wait to be sent, oldest first, in one block of memory that never grows.

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace mirrorscan::exporter {

class LineQueue {
 public:
  /// Bytes taken off the front, and how many lines ended in them.
  struct Taken {
    std::size_t bytes = 0, lines = 0;
  };

  explicit LineQueue(std::size_t budget_bytes) : ring_(budget_bytes) {}

  /// Appends the line and a newline; false when there is no room for both.
  [[nodiscard]] bool push(std::string_view line);
  /// All that waits, in at most two pieces.
  [[nodiscard]] std::array<std::span<const char>, 2> pieces() const;
  /// Takes `bytes` off the front, at most bytes().
  Taken pop(std::size_t bytes);
  /// Takes off what is left of a line that was taken in part.
  Taken pop_torn_line();

  [[nodiscard]] bool empty() const { return used_ == 0; }
  [[nodiscard]] std::size_t bytes() const { return used_; }
  [[nodiscard]] std::size_t budget() const { return ring_.size(); }
  [[nodiscard]] bool mid_line() const { return mid_line_; }  ///< the front is the rest of a line

 private:
  void append(std::string_view bytes);

  std::vector<char> ring_;
  std::size_t front_ = 0, used_ = 0;
  bool mid_line_ = false;
};

}  // namespace mirrorscan::exporter
