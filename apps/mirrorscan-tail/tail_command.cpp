#include "tail_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <system_error>
#include <utility>

#include "output.h"
#include "ring/json_ring_reader.h"

namespace mirrorscan::app {
namespace {

using ring::JsonRingReader;
using ring::Outcome;

/// Nothing has been written at this path yet; other errors will not mend themselves.
bool is_not_there_yet(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error == std::errc::not_a_directory) return false;  // "not found", too
  if (status.type() == std::filesystem::file_type::not_found) return true;
  return std::filesystem::is_regular_file(status) && std::filesystem::file_size(path, error) == 0 && !error;
}

class Tail {
 public:
  explicit Tail(const TailArguments& arguments)
      : arguments_(arguments),
        printer_(arguments.filter, arguments.form, arguments.color, arguments.numbers) {}

  int run() {
    std::optional<JsonRingReader> reader = open();
    if (!reader) return exit_status();
    print_what_is_there(*reader);
    while (arguments_.follow && !is_over()) {
      const ring::Read read = reader->next();
      take(read);
      if (read.outcome == Outcome::nothing || read.outcome == Outcome::damaged) output_.rest();
    }
    output_.flush();
    return exit_status();
  }

 private:
  [[nodiscard]] bool is_over() const { return is_asked_to_end() || output_.state() != Output::State::open; }

  [[nodiscard]] int exit_status() {
    if (output_.state() == Output::State::failed)
      say(fmt::format("standard output: {}", std::strerror(output_.error_number())));
    return failed_ || output_.state() == Output::State::failed ? 1 : 0;
  }

  /// A line on standard error, after everything that was printed before it.
  void tell(const std::string& line) {
    output_.flush();
    fmt::print(stderr, "{}\n", line);
  }
  void say(const std::string& sentence) { tell("mirrorscan-tail: " + sentence); }

  /// With --follow it waits for a ring that is not there yet. Nothing if it is over before there is one.
  std::optional<JsonRingReader> open() {
    const ring::Start start =
        arguments_.since ? ring::Start::since(*arguments_.since) : ring::Start::oldest();
    for (bool told = false; !is_over(); output_.rest()) {
      auto reader = JsonRingReader::open(arguments_.ring, start);
      if (reader) return std::move(reader).value();
      if (!arguments_.follow || !is_not_there_yet(arguments_.ring)) {
        say(reader.error().text());
        failed_ = true;
        return std::nullopt;
      }
      if (!std::exchange(told, true)) say("waiting for " + arguments_.ring);
    }
    return std::nullopt;
  }

  /// Up to what was the newest record at the start: a writer that is as fast as this reader would keep it for
  /// ever.
  void print_what_is_there(JsonRingReader& reader) {
    const std::uint64_t newest = reader.newest();
    std::uint64_t seen = 0;
    while (seen < newest && !is_over()) {
      const ring::Read read = reader.next();
      if (read.outcome == Outcome::nothing) break;
      if (read.outcome == Outcome::record) seen = read.record.sequence;
      if (read.outcome == Outcome::lost) seen = read.lost.last;
      take(read);
      if (read.outcome != Outcome::damaged) continue;
      failed_ = !arguments_.follow;
      break;
    }
    for (const std::string& line : held_) output_.add(line);
    held_.clear();
    holds_back_ = false;
  }

  void take(const ring::Read& read) {
    const bool was_damaged = std::exchange(is_damaged_, read.outcome == Outcome::damaged);
    switch (read.outcome) {
      case Outcome::record: return print(read.record);
      case Outcome::lost:
        return tell(fmt::format("lost {} records (sequence {} to {})", read.lost.count(), read.lost.first,
                                read.lost.last));
      case Outcome::renumbered: return say("a new ring; its sequence numbers begin anew");
      case Outcome::damaged:
        if (!was_damaged) say(arguments_.ring + ": the ring is damaged; its records are passed over");
        return;
      case Outcome::replaced:
      case Outcome::nothing: return;
    }
  }

  void print(const ring::JsonRecord& record) {
    std::optional<std::string> line = printer_.line(record);
    if (!line) return;
    if (!holds_back_) return output_.add(*line);
    held_.push_back(std::move(*line));
    if (held_.size() > *arguments_.lines) held_.pop_front();
  }

  const TailArguments& arguments_;
  tail::Printer printer_;
  Output output_;
  std::deque<std::string> held_;  ///< with --lines: the last ones, until the newest record is seen
  bool holds_back_ = arguments_.lines.has_value();
  bool is_damaged_ = false;
  bool failed_ = false;
};

}  // namespace

int tail_command(const TailArguments& arguments) {
  listen_to_signals();
  return Tail(arguments).run();
}

}  // namespace mirrorscan::app
