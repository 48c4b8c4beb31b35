#pragma once
// mirrorscan-tail: prints what is in the ring, and with --follow what comes.

#include <cstdint>
#include <optional>
#include <string>

#include "tail/printer.h"

namespace mirrorscan::app {

struct TailArguments {
  std::string ring = "/run/mirrorscan/events.ring";
  bool follow = false;
  std::optional<std::uint64_t> since;  ///< sequence number
  std::optional<std::uint64_t>
      lines;  ///< of what is in the ring, only the last so many that the filter wants
  tail::Filter filter;
  tail::Form form = tail::Form::json;
  tail::Color color = tail::Color::never;
  tail::Numbers numbers = tail::Numbers::hidden;
};

/// \return the exit status: 0 done, also when the reader of standard output went away or a signal came; 1 the
/// ring cannot be read, is damaged, or standard output failed
[[nodiscard]] int tail_command(const TailArguments& arguments);

}  // namespace mirrorscan::app
