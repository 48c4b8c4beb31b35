#include "bench/measurement.h"

#include <cstdio>
#include <utility>

#include "bench/machine.h"

namespace mirrorscan::bench {

Measurement::Measurement(std::string_view command, Figures arguments) {
  figures_.text("command", command).object("arguments", std::move(arguments));
}

void Measurement::add_round(Figures round, std::string_view line) {
  figures_.append("rounds", std::move(round));
  ++rounds_;
  std::fprintf(stderr, "round %u: %.*s\n", rounds_, static_cast<int>(line.size()), line.data());
}

std::string Measurement::text() {
  if (rounds_ > 0) figures_.object("summary", figures_.summary_of("rounds"));
  Figures machine = machine_figures();
  machine.number("cpu_share", cpu_share());
  flags_.raise_if(cpu_share() < kLeastCpuShare, kSharedCpu);
  figures_.object("machine", std::move(machine)).words("flags", flags_.names());
  for (const std::string& flag : flags_.names()) std::fprintf(stderr, "flag: %s\n", flag.c_str());
  return figures_.text();
}

}  // namespace mirrorscan::bench
