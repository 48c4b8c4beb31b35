#include "pcap_file/pcap_file.h"

#include <fmt/format.h>
#include <pcap/pcap.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "port/devargs.h"

namespace mirrorscan::pcap_file {
namespace {

/// Why net_pcap could not play the file; empty when it can. A pipe is left alone: what is read of it is gone.
std::string fault_of(const std::string& file) {
  struct stat about {};
  if (access(file.c_str(), R_OK) != 0 || stat(file.c_str(), &about) != 0) return std::strerror(errno);
  if (S_ISFIFO(about.st_mode)) return {};
  if (!S_ISREG(about.st_mode)) return "is no file";
  char reason[PCAP_ERRBUF_SIZE] = "";
  const std::unique_ptr<pcap_t, void (*)(pcap_t*)> capture(pcap_open_offline(file.c_str(), reason),
                                                           pcap_close);
  if (capture == nullptr) return fmt::format("is not a pcap file ({})", reason);
  return pcap_datalink(capture.get()) == DLT_EN10MB ? "" : "its packets are no Ethernet frames";
}

}  // namespace

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
    if (const std::string fault = fault_of(file); !fault.empty())
      return Error{"arguments", fmt::format("capture {}: {}", file, fault),
                   "write rx_pcap=FILE with a capture that can be read"};
  if (sources == 0)
    return Error{"arguments", "net_pcap has nothing to receive from",
                 "write rx_pcap=FILE, once for each queue"};
  if (sources == port.queues) return success();
  return Error{"queues",
               fmt::format("{} queues for {} captures or interfaces of net_pcap", port.queues, sources),
               fmt::format("write {}, or add rx_pcap=FILE for each queue", sources)};
}

}  // namespace mirrorscan::pcap_file
