#include "port/virtual_device.h"

#include <fmt/format.h>
#include <rte_build_config.h>
#include <rte_dev.h>
#include <rte_devargs.h>
#include <rte_errno.h>
#include <rte_ethdev.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "port/devargs.h"

namespace mirrorscan::port {
namespace {

Error no_driver(const std::string& device) {
  return {"device", fmt::format("DPDK has no driver for \"{}\"", device),
          "check the spelling (usual are net_af_packet0, net_af_xdp0, net_pcap0, net_ring0, net_memif0, "
          "net_null0), "
          "and that the driver's package is installed (for net_ring: librte-net-ring23)"};
}

bool has_driver(const std::string& device) {
  rte_devargs parsed{};
  const bool found = rte_devargs_parse(&parsed, device.c_str()) == 0;
  std::free(parsed.data);
  return found;
}

/// EAL says -1 for whatever a driver did not do, which is no errno; the driver's own words are on standard
/// error.
std::string reason_of(int code) {
  return code == -1 ? "its driver does not do it; the lines of DPDK before this one may say why"
                    : rte_strerror(std::abs(code));
}

}  // namespace

std::string all_arguments(const config::Port& config, const Kind& kind) {
  return kind.arguments == nullptr ? config.arguments : join(config.arguments, kind.arguments(config));
}

Status check_driver(const std::string& device) {
  constexpr std::string_view kBegin = "librte_", kEnd = ".so";
  std::error_code none;
  const std::filesystem::directory_iterator drivers(RTE_EAL_PMD_PATH, none);
  if (none) return success();  // a DPDK that has its drivers built in, or elsewhere: EAL will say
  for (const auto& entry : drivers) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with(kBegin)) continue;
    const std::string_view driver = std::string_view(file).substr(kBegin.size());
    if (device.starts_with(driver.substr(0, driver.find(kEnd)))) return success();
  }
  return no_driver(device);
}

Result<std::uint16_t> make_virtual_device(const config::Port& config, const Kind& kind,
                                          const std::string& where) {
  const auto at = [&where](Error error) {
    error.where = where + "." + error.where;
    return error;
  };
  if (!has_driver(config.device)) return at(no_driver(config.device));
  const std::string arguments = all_arguments(config, kind);
  const int code = rte_eal_hotplug_add("vdev", config.device.c_str(), arguments.c_str());
  if (code != 0)
    return at({"arguments",
               fmt::format("{} cannot be made with \"{}\": {}", config.device, arguments, reason_of(code)),
               remedy_of(kind), Until::it_passes});
  std::uint16_t id = 0;
  if (rte_eth_dev_get_port_by_name(config.device.c_str(), &id) == 0) return id;
  return at({"device", fmt::format("{} is no network device", config.device), "name another one"});
}

void remove_virtual_device(const std::string& device) noexcept {
  (void)rte_eal_hotplug_remove("vdev", device.c_str());
}

}  // namespace mirrorscan::port
