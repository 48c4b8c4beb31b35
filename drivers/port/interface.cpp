#include "port/interface.h"

#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "port/devargs.h"

namespace mirrorscan::port {
namespace {

/// One SIOC... question about an interface; `data` for those that take a structure of their own.
std::optional<ifreq> ask(const std::string& interface, unsigned long question, void* data = nullptr) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::nullopt;
  ifreq request{};
  request.ifr_data = static_cast<char*>(data);
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  const int code = ioctl(fd, question, &request);
  close(fd);
  return code == 0 ? std::optional(request) : std::nullopt;
}

}  // namespace

Result<std::string> interface_of(const config::Port& port) {
  const auto names = values_of(port.arguments, "iface");
  if (!names) return names.error();
  if (names.value().size() != 1)
    return Error{"arguments", fmt::format("{} needs one interface", port.device),
                 "write \"iface=NAME\", such as iface=eth1"};
  return names.value().front();
}

Status check_is_up(const std::string& interface) {
  const auto flags = interface.size() < IFNAMSIZ ? ask(interface, SIOCGIFFLAGS) : std::nullopt;
  if (!flags)
    return Error{"arguments", fmt::format("there is no interface \"{}\"", interface),
                 "write one that `ip link` lists", Until::it_passes};
  if ((flags->ifr_flags & IFF_UP) == 0)
    return Error{"arguments", fmt::format("interface {} is down", interface),
                 fmt::format("run `ip link set dev {} up`", interface), Until::it_passes};
  return success();
}

bool is_running(const std::string& interface) {
  const auto flags = ask(interface, SIOCGIFFLAGS);
  return flags && (flags->ifr_flags & IFF_UP) != 0 && (flags->ifr_flags & IFF_RUNNING) != 0;
}

std::uint32_t mtu_of_interface(const std::string& interface) {
  const auto answer = ask(interface, SIOCGIFMTU);
  return answer ? static_cast<std::uint32_t>(answer->ifr_mtu) : 0;
}

std::uint32_t interface_mtu(const config::Port& port) {
  return mtu_of_interface(value_of(port.arguments, "iface").value_or(""));
}

std::uint32_t channels_of_interface(const std::string& interface) {
  ethtool_channels channels{};
  channels.cmd = ETHTOOL_GCHANNELS;
  const bool answered = ask(interface, SIOCETHTOOL, &channels).has_value();
  return answered && channels.max_combined != 0 ? channels.combined_count : 1;
}

std::optional<InterfaceCounts> counts_of_interface(const std::string& interface) {
  std::ifstream file("/proc/self/net/dev");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    const std::size_t begin = line.find_first_not_of(' ');
    if (colon == std::string::npos || line.compare(begin, colon - begin, interface) != 0) continue;
    std::istringstream fields(line.substr(colon + 1));
    std::uint64_t bytes = 0;
    InterfaceCounts counts;
    fields >> bytes >> counts.packets >> counts.errors >> counts.dropped >> counts.overruns;
    return counts;
  }
  return std::nullopt;
}

}  // namespace mirrorscan::port
