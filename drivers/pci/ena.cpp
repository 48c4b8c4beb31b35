#include "pci/ena.h"

#include <fmt/format.h>
#include <rte_timer.h>
#include <rte_version.h>

#include <array>

#include "engine/log.h"
#include "pci/allowances.h"
#include "pci/xstats.h"

namespace mirrorscan::pci {
namespace {

/// Linux: Documentation/networking/device_drivers/ethernet/amazon/ena.rst, "Statistics".
constexpr std::array kAllowances{"bw_in_allowance_exceeded", "bw_out_allowance_exceeded",
                                 "pps_allowance_exceeded", "conntrack_allowance_exceeded",
                                 "linklocal_allowance_exceeded"};

class EnaWatch final : public port::Watch {
 public:
  EnaWatch(const config::Port& port, std::uint16_t id) : allowances_(id), overruns_(id), faults_(id) {
    for (const char* name : kAllowances) (void)allowances_.choose(name);
    (void)overruns_.choose("rx_overruns");
    for (std::uint32_t queue = 0; queue < port.queues; ++queue)
      for (const char* fault : {"bad_req_id", "bad_desc_num"})
        (void)faults_.choose(fmt::format("rx_q{}_{}", queue, fault));
    known_faults_ = faults_.read();
  }

  void tick() override { (void)rte_timer_manage(); }

  std::string fault() override {
    const std::vector<std::uint64_t> now = faults_.read();
    if (now.size() != known_faults_.size()) return {};
    std::string risen;
    for (std::size_t i = 0; i < now.size() && risen.empty(); ++i)
      if (now[i] > known_faults_[i]) risen = fmt::format("{} rose to {}", faults_.names()[i], now[i]);
    known_faults_ = now;
    return risen;
  }

  void restarted() override {
    known_faults_ = faults_.read();
    believable_.restarted();
  }

  void count(exporter::PortStats& stats) override {
    add(overruns_, overruns_.read(), stats);
    const std::vector<std::uint64_t> values = allowances_.read();
    if (believable_.read(values))
      add(allowances_, values, stats);
    else
      stats.refused.push_back({"allowances", "the device gives no counts of packets above its allowances"});
  }

 private:
  static void add(const Xstats& xstats, const std::vector<std::uint64_t>& values,
                  exporter::PortStats& stats) {
    for (std::size_t i = 0; i < values.size(); ++i) stats.named.emplace_back(xstats.names()[i], values[i]);
  }

  Xstats allowances_, overruns_, faults_;
  Believable believable_;
  std::vector<std::uint64_t> known_faults_;
};

}  // namespace

std::unique_ptr<port::Watch> watch_ena(const config::Port& port, std::uint16_t id) {
#if RTE_VERSION < RTE_VERSION_NUM(24, 3, 0, 0)
  engine::log_warning(
      fmt::format("port {}: {} does not count what a full receive ring of an ENA drops (24.03 does): such "
                  "loss is invisible here; compare with NetworkPacketsMirrorOut of the sources",
                  port.device, rte_version()));
#endif
  return std::make_unique<EnaWatch>(port, id);
}

}  // namespace mirrorscan::pci
