#pragma once
// One command's result as it grows: the object that is printed, and its flags.

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/figures.h"
#include "bench/flags.h"

namespace mirrorscan::bench {

class Measurement {
 public:
  Measurement(std::string_view command, Figures arguments);

  [[nodiscard]] Figures& figures() noexcept { return figures_; }
  [[nodiscard]] Flags& flags() noexcept { return flags_; }

  /// A round's figures; says one line about it on standard error.
  void add_round(Figures round, std::string_view line);
  /// With `summary` where there were rounds, and `machine` and `flags`. JSON.
  [[nodiscard]] std::string text();

 private:
  Figures figures_;
  Flags flags_;
  unsigned rounds_ = 0;
};

}  // namespace mirrorscan::bench
