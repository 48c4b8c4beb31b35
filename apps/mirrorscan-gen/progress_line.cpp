#include "progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "engine/log.h"

namespace mirrorscan::gen {
namespace {

constexpr const char* kEraseLine = "\r\033[K";

}  // namespace

ProgressLine::ProgressLine(const Arguments& arguments, const sender::Sender& sender, const MadeTraffic& made)
    : sender_(sender), made_(made), place_(place_of(arguments)) {}

ProgressLine::Place ProgressLine::place_of(const Arguments& arguments) {
  if (arguments.quiet) return Place::nowhere;
  return isatty(STDERR_FILENO) == 1 ? Place::terminal : Place::log;
}

std::string ProgressLine::text(double seconds) {
  const sender::Progress& progress = sender_.progress();
  const std::uint64_t packets = progress.made.load(std::memory_order_relaxed);
  if (!progress.began.load(std::memory_order_relaxed))
    return fmt::format("{:.0f} s: {} packets made, none sent yet", seconds, packets);
  const std::uint64_t sent = progress.sent.load(std::memory_order_relaxed);
  const double rate = static_cast<double>(sent - last_sent_) / (seconds - last_seconds_);
  last_sent_ = sent;
  last_seconds_ = seconds;
  return fmt::format("{:.0f} s: {} packets made, {} sent ({:.0f}/s), {} lost, {} flows alive", seconds,
                     packets, sent, rate, progress.lost.load(std::memory_order_relaxed), made_.flows_alive());
}

void ProgressLine::each_second(double seconds) {
  const bool due = calls_++ % kLogEvery == 0;
  if (place_ == Place::terminal)
    std::fputs((kEraseLine + text(seconds)).c_str(), stderr);
  else if (place_ == Place::log && due)
    engine::log_info(text(seconds));
}

void ProgressLine::end() {
  if (place_ == Place::terminal && calls_ > 0) std::fputs(kEraseLine, stderr);
}

}  // namespace mirrorscan::gen
