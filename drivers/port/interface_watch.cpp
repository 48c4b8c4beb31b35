#include "port/interface_watch.h"

namespace mirrorscan::port {

void InterfaceWatch::count(exporter::PortStats& stats) {
  const InterfaceCounts now = counts_of_interface(interface_);
  stats.named.emplace_back("interface_packets", now.packets - start_.packets);
  stats.named.emplace_back("interface_errors", now.errors - start_.errors);
  stats.named.emplace_back("interface_dropped", now.dropped - start_.dropped);
  stats.named.emplace_back("interface_overruns", now.overruns - start_.overruns);
}

}  // namespace mirrorscan::port
