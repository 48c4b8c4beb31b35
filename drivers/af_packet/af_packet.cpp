#include "af_packet/af_packet.h"

#include <fmt/format.h>
#include <linux/capability.h>
#include <linux/if_packet.h>

#include <algorithm>

#include "af_packet/ring_sockets.h"
#include "port/capabilities.h"
#include "port/devargs.h"
#include "port/interface.h"
#include "port/interface_watch.h"

namespace mirrorscan::af_packet {
namespace {

/// Of a slot, what is not frame: the headers, and the gap before the frame that aligns its network header
/// (tpacket_rcv() of Linux: aligned(TPACKET2_HDRLEN + 16) - 14).
constexpr std::uint32_t kBeforeFrame = TPACKET_ALIGN(TPACKET2_HDRLEN + 16) - 14;
static_assert(kBeforeFrame == 66, "2,048 - 66 = the 1,982 bytes at which the driver's default cuts");

/// The driver addresses slot i at i x framesz, over all blocks: a block must be whole slots and whole pages.
/// A slot of whole KiB does that with four slots in a multiple of 4 KiB.
constexpr std::uint32_t kSlotUnit = 1'024, kSlotsUnit = 4;
constexpr std::uint32_t kBlockBytes = 262'144;       // near this, so that few blocks are needed
constexpr std::uint32_t kDefaultSlot = 2'048;        // the driver's
constexpr std::uint32_t kMostSlot = 63 * kSlotUnit;  // what an mbuf can hold; loopback's MTU is larger

struct Ring {
  std::uint32_t slot = 0, block = 0, slots = 0;
};

std::uint32_t round_up(std::uint32_t value, std::uint32_t unit) {
  return (value + unit - 1) / unit * unit;
}

Ring ring_for(const config::Port& config) {
  const std::uint32_t mtu = std::max(config.mtu, port::interface_mtu(config));
  Ring ring;
  ring.slot = std::min(round_up(port::frame_bytes(mtu) + kBeforeFrame, kSlotUnit), kMostSlot);
  const std::uint32_t unit = ring.slot * kSlotsUnit;
  const std::uint32_t slots_a_block = std::max(1U, kBlockBytes / unit) * kSlotsUnit;
  ring.block = ring.slot * slots_a_block;
  ring.slots = round_up(config.descriptors, slots_a_block);
  return ring;
}

/// Whoever writes one of them has a ring in mind; the others would contradict it.
bool has_ring(const config::Port& config) {
  for (const char* key : {"framesz", "blocksz", "framecnt"})
    if (port::value_of(config.arguments, key)) return true;
  return false;
}

class RingWatch final : public port::InterfaceWatch {
 public:
  explicit RingWatch(const std::string& interface) : InterfaceWatch(interface) { take_rings(); }

  void let_go() override { rings_.let_go(); }
  void made_anew() override {
    InterfaceWatch::made_anew();
    take_rings();
  }

  /// What the driver misses to tell: frames for which the ring had no slot, and those that wait in it (at the
  /// end: that nobody took).
  void count(exporter::PortStats& stats) override {
    if (!incoming_only_)
      stats.refused.push_back({"incoming_only", "what this host sends through the interface comes too"});
    rings_.read();
    stats.missed += rings_.dropped();
    stats.named.emplace_back("ring_full", rings_.dropped());
    const std::uint64_t taken = rings_.dropped() + stats.received;
    stats.named.emplace_back("ring_waiting", rings_.offered() > taken ? rings_.offered() - taken : 0);
    InterfaceWatch::count(stats);
  }

 private:
  void take_rings() {
    rings_.take(interface());
    incoming_only_ = rings_.ignore_outgoing();
  }

  RingSockets rings_;
  bool incoming_only_ = false;
};

Status check_machine(const std::string& interface) {
  if (Status up = port::check_is_up(interface); !up) return up;
  if (port::has_capabilities({CAP_NET_RAW})) return success();
  return Error{"device", "packet sockets need root or CAP_NET_RAW", "run it as root", Until::it_passes};
}

}  // namespace

Status check(const config::Port& config) {
  const auto interface = port::interface_of(config);
  if (!interface) return interface.error();
  if (auto queues = port::check_queues(config, "qpairs"); !queues) return queues;
  const auto written = port::value_of(config.arguments, "framesz");
  if (!written) return check_machine(interface.value());
  const auto slot = port::number_of(config.arguments, "framesz");
  if (!slot || *slot > kMostSlot || *slot <= kBeforeFrame)
    return Error{"arguments", fmt::format("framesz={} is no size of a frame with its headers", *written),
                 "leave framesz out: it is computed from the MTU"};
  return check_machine(interface.value());
}

std::string arguments(const config::Port& config) {
  std::string out;
  if (!has_ring(config)) {
    const Ring ring = ring_for(config);
    out = fmt::format("framesz={},blocksz={},framecnt={}", ring.slot, ring.block, ring.slots);
  }
  if (!port::value_of(config.arguments, "qpairs"))
    out = port::join(out, fmt::format("qpairs={}", config.queues));
  return out;
}

std::uint32_t buffer_bytes(const config::Port& config) {
  const std::uint32_t slot = has_ring(config)
                                 ? port::number_of(config.arguments, "framesz").value_or(kDefaultSlot)
                                 : ring_for(config).slot;
  return std::max(slot, port::kBufferBytes);
}

std::unique_ptr<port::Watch> watch(const config::Port& config, std::uint16_t) {
  return std::make_unique<RingWatch>(port::value_of(config.arguments, "iface").value_or(""));
}

}  // namespace mirrorscan::af_packet
