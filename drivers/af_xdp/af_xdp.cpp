#include "af_xdp/af_xdp.h"

#include <fmt/format.h>
#include <linux/capability.h>
#include <rte_mbuf.h>

#include <algorithm>

#include "packet/meta.h"
#include "port/capabilities.h"
#include "port/devargs.h"
#include "port/interface.h"
#include "port/interface_watch.h"

namespace mirrorscan::af_xdp {
namespace {

constexpr std::uint32_t kXdpHeadroom =
    256;  // XDP_PACKET_HEADROOM of linux/bpf.h: kept free before each frame

/// A buffer with all its headers must be within a page (kernel: xdp_umem_reg()), and DPDK gives it an odd
/// number of cache lines, to spread buffers over memory channels.
constexpr std::uint32_t kObjectBytes = 4'096 - RTE_CACHE_LINE_SIZE;
constexpr std::uint32_t kMetaBytes = 256;  // the most that packet::Meta may take
static_assert(sizeof(packet::Meta) <= kMetaBytes);
constexpr std::uint32_t kBeforeData =
    RTE_CACHE_LINE_SIZE + sizeof(rte_mbuf) + kMetaBytes + RTE_PKTMBUF_HEADROOM + kXdpHeadroom;
constexpr std::uint32_t kMostFrameBytes = kObjectBytes - kBeforeData;
constexpr std::uint32_t kMostMtu = kMostFrameBytes - port::frame_bytes(1) + 1;
static_assert(kMostMtu == 3'178, "kRemedy and README name it");

/// DPDK's imissed is the socket's rx_dropped: frames for which the kernel had no buffer of ours. Those for
/// which the receive ring had no slot (rx_ring_full) are left out up to DPDK 24.11. The interface drops both:
/// a veth counts them all, other drivers as many as they care to.
class XdpWatch final : public port::InterfaceWatch {
 public:
  using InterfaceWatch::InterfaceWatch;
  void count(exporter::PortStats& stats) override {
    InterfaceWatch::count(stats);
    stats.missed = std::max(stats.missed, dropped());
  }
};

Status check_machine(const config::Port& config, const std::string& interface) {
  if (Status up = port::check_is_up(interface); !up) return up;
  const std::uint32_t channels = port::channels_of_interface(interface);
  const std::uint32_t first = port::number_of(config.arguments, "start_queue").value_or(0);
  if (first + config.queues > channels)
    return Error{"queues", fmt::format("interface {} has {} combined channels", interface, channels),
                 fmt::format("write at most {}, or run `ethtool -L {} combined {}` (a veth has one for XDP)",
                             channels, interface, first + config.queues),
                 Until::it_passes};
  if (const std::uint32_t mtu = port::mtu_of_interface(interface); mtu > kMostMtu)
    return Error{
        "arguments",
        fmt::format("interface {} has MTU {}, and net_af_xdp takes frames of MTU {} at most", interface, mtu,
                    kMostMtu),
        fmt::format("run `ip link set dev {} mtu {}`; for a veth pair on both ends", interface, kMostMtu),
        Until::it_passes};
  if (port::has_capabilities({CAP_NET_RAW, CAP_NET_ADMIN, CAP_SYS_ADMIN, CAP_IPC_LOCK})) return success();
  return Error{"device", "XDP needs root, or CAP_NET_RAW, CAP_NET_ADMIN, CAP_SYS_ADMIN and CAP_IPC_LOCK",
               "run it as root", Until::it_passes};
}

}  // namespace

Status check(const config::Port& config) {
  const auto interface = port::interface_of(config);
  if (!interface) return interface.error();
  if (auto queues = port::check_queues(config, "queue_count"); !queues) return queues;
  return check_machine(config, interface.value());
}

std::string arguments(const config::Port& config) {
  if (port::value_of(config.arguments, "queue_count")) return {};
  return fmt::format("queue_count={}", config.queues);
}

std::uint32_t buffer_bytes(const config::Port& config) {
  const std::uint32_t frame = port::frame_bytes(std::min(port::interface_mtu(config), kMostMtu));
  return std::max(port::kBufferBytes, frame + kXdpHeadroom);
}

std::unique_ptr<port::Watch> watch(const config::Port& config, std::uint16_t) {
  return std::make_unique<XdpWatch>(port::value_of(config.arguments, "iface").value_or(""));
}

}  // namespace mirrorscan::af_xdp
