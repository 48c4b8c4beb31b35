#include "port/interface_watch.h"

namespace mirrorscan::port {

InterfaceCounts InterfaceWatch::read() {
  const InterfaceCounts now = counts_of_interface(interface_);
  packets_.read(now.packets);
  errors_.read(now.errors);
  dropped_.read(now.dropped);
  overruns_.read(now.overruns);
  return {packets_.total(), errors_.total(), dropped_.total(), overruns_.total()};
}

InterfaceCounts InterfaceWatch::since_start() {
  InterfaceCounts counts = read();
  counts.packets -= start_.packets;
  counts.errors -= start_.errors;
  counts.dropped -= start_.dropped;
  counts.overruns -= start_.overruns;
  return counts;
}

void InterfaceWatch::count(exporter::PortStats& stats) {
  const InterfaceCounts counts = since_start();
  stats.named.emplace_back("interface_packets", counts.packets);
  stats.named.emplace_back("interface_errors", counts.errors);
  stats.named.emplace_back("interface_dropped", counts.dropped);
  stats.named.emplace_back("interface_overruns", counts.overruns);
}

}  // namespace mirrorscan::port
