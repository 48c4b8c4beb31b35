#pragma once
// How far the traffic is, for whoever watches.

#include <cstdint>
#include <string>

#include "arguments.h"
#include "made_traffic.h"
#include "sender/sender.h"

namespace mirrorscan::gen {

/// On a terminal one line that is written anew each second; elsewhere a line to the log after the first
/// second and then every five. One thread.
class ProgressLine {
 public:
  /// All must outlive it. With --quiet nothing is shown.
  ProgressLine(const Arguments& arguments, const sender::Sender& sender, const MadeTraffic& made);

  /// `seconds`: since the start.
  void each_second(double seconds);
  /// Takes the line off the terminal.
  void end();

 private:
  enum class Place : std::uint8_t { terminal, log, nowhere };
  static constexpr std::uint64_t kLogEvery = 5;

  [[nodiscard]] static Place place_of(const Arguments& arguments);
  [[nodiscard]] std::string text(double seconds);

  const sender::Sender& sender_;
  const MadeTraffic& made_;
  Place place_;
  std::uint64_t calls_ = 0;
  double last_seconds_ = 0;
  std::uint64_t last_sent_ = 0;
};

}  // namespace mirrorscan::gen
