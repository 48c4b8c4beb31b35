#include "pci/pci.h"

#include <fmt/format.h>
#include <rte_ethdev.h>
#include <rte_pci.h>
#include <rte_timer.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "pci/ena.h"

namespace mirrorscan::pci {
namespace {

/// Drivers through which DPDK reaches a device: those that hand it over whole, and those that share it.
constexpr std::array<std::string_view, 6> kDrivers{"vfio-pci",  "uio_pci_generic", "igb_uio",
                                                   "mlx5_core", "mlx4_core",       "mana"};

/// Where Linux lists PCI devices. DPDK moves it by the same variable, for tests on a model of a device.
std::filesystem::path devices() {
  const char* moved = std::getenv("SYSFS_PCI_DEVICES");
  return moved != nullptr ? moved : "/sys/bus/pci/devices";
}

class TimerWatch final : public port::Watch {
 public:
  void tick() override { (void)rte_timer_manage(); }
  void count(exporter::PortStats&) override {}
};

}  // namespace

Status check(const config::Port& config) {
  rte_pci_addr address{};
  (void)rte_pci_addr_parse(config.device.c_str(), &address);
  const std::string name =
      fmt::format("{:04x}:{:02x}:{:02x}.{:x}", address.domain, address.bus, address.devid, address.function);
  std::error_code error;
  const std::filesystem::path device = devices() / name;
  if (!std::filesystem::exists(device, error))
    return Error{"device", fmt::format("there is no PCI device {}", name), "write one that `lspci -D` lists",
                 Until::it_passes};
  const std::string driver = std::filesystem::read_symlink(device / "driver", error).filename().string();
  if (std::find(kDrivers.begin(), kDrivers.end(), driver) != kDrivers.end()) return success();
  return Error{"device",
               driver.empty() ? fmt::format("PCI device {} has no driver", name)
                              : fmt::format("PCI device {} belongs to the kernel's driver {}", name, driver),
               fmt::format("run `dpdk-devbind.py -b vfio-pci {}`", name), Until::it_passes};
}

/// DPDK's timers are set up here since rte_timer_manage() may not be called before.
std::unique_ptr<port::Watch> watch(const config::Port& config, std::uint16_t id) {
  (void)rte_timer_subsystem_init();
  rte_eth_dev_info info{};
  const bool described = rte_eth_dev_info_get(id, &info) == 0 && info.driver_name != nullptr;
  if (described && std::string_view(info.driver_name) == "net_ena") return watch_ena(config, id);
  return std::make_unique<TimerWatch>();
}

}  // namespace mirrorscan::pci
