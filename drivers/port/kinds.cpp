// The table of kinds.
#include <rte_pci.h>

#include <algorithm>
#include <array>

#include "af_packet/af_packet.h"
#include "af_xdp/af_xdp.h"
#include "memory/memory.h"
#include "pcap_file/pcap_file.h"
#include "pci/pci.h"
#include "port/interface.h"
#include "port/kind.h"

namespace mirrorscan::port {
namespace {

constexpr Kind kPci{.check = pci::check, .buffer_bytes = chained, .watch = pci::watch};

/// A name begins with the prefix of its kind; the last row takes every other virtual device.
constexpr std::array kVirtual{
    Kind{.prefix = "net_af_packet",
         .tx_queues = TxQueues::as_rx,
         .mtu = Mtu::of_interface,
         .keys = "iface qpairs blocksz framesz framecnt qdisc_bypass",
         .check = af_packet::check,
         .arguments = af_packet::arguments,
         .buffer_bytes = af_packet::buffer_bytes,
         .interface_mtu = interface_mtu,
         .watch = af_packet::watch},
    Kind{.prefix = "net_af_xdp",
         .tx_queues = TxQueues::as_rx,
         .mtu = Mtu::of_interface,
         .mbufs_a_queue = af_xdp::kMbufsAQueue,
         .keys = "iface start_queue queue_count shared_umem xdp_prog busy_budget force_copy use_cni "
                 "use_pinned_map "
                 "dp_path",
         .remedy = af_xdp::kRemedy,
         .check = af_xdp::check,
         .arguments = af_xdp::arguments,
         .buffer_bytes = af_xdp::buffer_bytes,
         .interface_mtu = interface_mtu,
         .watch = af_xdp::watch},
    Kind{.prefix = "net_pcap",
         .keys = "rx_pcap rx_iface rx_iface_in iface infinite_rx phy_mac tx_pcap tx_iface",
         .check = pcap_file::check,
         .buffer_bytes = chained},
    Kind{.prefix = "net_null",
         .keys = "size copy no-rx",
         .check = memory::check_null,
         .buffer_bytes = memory::null_buffer_bytes},
    Kind{.prefix = "net_ring", .buffer_bytes = chained},
    Kind{.prefix = "net_memif", .tx_queues = TxQueues::as_rx, .buffer_bytes = chained},
    Kind{.prefix = "net_", .tx_queues = TxQueues::as_rx, .buffer_bytes = whole_frame},
};

}  // namespace

bool is_pci_address(std::string_view device) {
  rte_pci_addr address{};
  return rte_pci_addr_parse(std::string(device).c_str(), &address) == 0;
}

const Kind* kind_of(std::string_view device) {
  if (is_pci_address(device)) return &kPci;
  const auto* row = std::find_if(kVirtual.begin(), kVirtual.end(),
                                 [device](const Kind& kind) { return device.starts_with(kind.prefix); });
  return row == kVirtual.end() ? nullptr : row;
}

std::string remedy_of(const Kind& kind) {
  if (!kind.remedy.empty()) return std::string(kind.remedy);
  return "see what DPDK says with dpdk.arguments [\"--log-level=*:debug\"]";
}

std::uint32_t chained(const config::Port&) {
  return kBufferBytes;
}

std::uint32_t whole_frame(const config::Port& port) {
  return std::max(kBufferBytes, frame_bytes(port.mtu));
}

}  // namespace mirrorscan::port
