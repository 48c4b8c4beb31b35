#pragma once
// net_pcap: captures and interfaces through libpcap, as a port. Its end is not told: after the last packet
// the port is silent.

#include "base/result.h"
#include "config/config.h"

namespace mirrorscan::pcap_file {

/// Needs at least one source, and files that can be read. (The driver chains buffers by itself.)
[[nodiscard]] Status check(const config::Port& port);

}  // namespace mirrorscan::pcap_file
