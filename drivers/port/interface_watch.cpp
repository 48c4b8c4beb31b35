#include "port/interface_watch.h"

#include <net/if.h>

#include <utility>

namespace mirrorscan::port {

InterfaceWatch::InterfaceWatch(std::string interface)
    : interface_(std::move(interface)), index_(if_nametoindex(interface_.c_str())) {
  const InterfaceCounts start = counts_of_interface(interface_).value_or(InterfaceCounts{});
  packets_ = Tally(start.packets);
  errors_ = Tally(start.errors);
  dropped_ = Tally(start.dropped);
  overruns_ = Tally(start.overruns);
}

Origin InterfaceWatch::origin() {
  const unsigned now = if_nametoindex(interface_.c_str());
  if (now == index_ && now != 0) return Origin::same;
  index_ = 0;
  return now != 0 && is_running(interface_) ? Origin::another : Origin::gone;
}

void InterfaceWatch::made_anew() {
  index_ = if_nametoindex(interface_.c_str());
  for (Tally* tally : {&packets_, &errors_, &dropped_, &overruns_}) tally->begin_anew();
}

/// What is gone counts no more, and what has its name meanwhile is not the port's yet.
void InterfaceWatch::read() {
  if (origin() != Origin::same) return;
  const auto now = counts_of_interface(interface_);
  if (!now) return;
  packets_.read(now->packets);
  errors_.read(now->errors);
  dropped_.read(now->dropped);
  overruns_.read(now->overruns);
}

std::uint64_t InterfaceWatch::dropped() {
  read();
  return dropped_.total();
}

void InterfaceWatch::count(exporter::PortStats& stats) {
  read();
  stats.named.emplace_back("interface_packets", packets_.total());
  stats.named.emplace_back("interface_errors", errors_.total());
  stats.named.emplace_back("interface_dropped", dropped_.total());
  stats.named.emplace_back("interface_overruns", overruns_.total());
}

}  // namespace mirrorscan::port
