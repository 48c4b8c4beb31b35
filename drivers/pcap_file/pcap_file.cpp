#include "pcap_file/pcap_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "port/devargs.h"

namespace mirrorscan::pcap_file {

Status check(const config::Port& port) {
  std::size_t sources = 0;
  for (const char* key : {"rx_pcap", "rx_iface", "rx_iface_in", "iface"}) {
    const auto values = port::values_of(port.arguments, key);
    if (!values) return values.error();
    sources += values.value().size();
  }
  const auto files = port::values_of(port.arguments, "rx_pcap");
  if (!files) return files.error();
  for (const std::string& file : files.value())
    if (access(file.c_str(), R_OK) != 0)
      return Error{"arguments", fmt::format("capture {}: {}", file, std::strerror(errno)),
                   "write rx_pcap=FILE with a capture that can be read"};
  if (sources == 0)
    return Error{"arguments", "net_pcap has nothing to receive from",
                 "write rx_pcap=FILE, once for each queue"};
  return success();
}

}  // namespace mirrorscan::pcap_file
