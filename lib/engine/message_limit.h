#pragma once
// Keeps a condition that lasts from filling the log: ten messages of a category in ten seconds, then a count.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mirrorscan::engine {

/// One thread only. Categories are the program's own words, so there are few.
class MessageLimit {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::uint64_t kMessages = 10;
  static constexpr std::chrono::seconds kWindow{10};

  struct LeftOut {
    std::string category;
    std::uint64_t messages = 0;
  };

  /// Whether a message of the category may be told now. A category's window begins with its first message.
  [[nodiscard]] bool admit(std::string_view category, Clock::time_point now);
  /// What was left out in the windows that have ended.
  [[nodiscard]] std::vector<LeftOut> take_left_out(Clock::time_point now);

 private:
  struct Window {
    Clock::time_point end;
    std::uint64_t messages = 0;
  };
  std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace mirrorscan::engine
