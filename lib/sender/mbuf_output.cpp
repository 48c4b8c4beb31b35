#include "sender/mbuf_output.h"

#include <rte_mbuf.h>
#include <rte_mempool.h>

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "packet/meta.h"
#include "sender/sender.h"

namespace mirrorscan::sender {
namespace {

constexpr std::uint32_t kUsualBytes = 2'048;
/// Ethernet, IPv6 and TCP with options, inside Ethernet, IP, UDP, GENEVE with options, IP, UDP and VXLAN.
constexpr std::uint32_t kMostHeaders = 350;

[[nodiscard]] bool may_be_long(const traffic::Profile& profile) {
  const traffic::Flows& flows = profile.flows;
  return !profile.replayed.capture.empty() || flows.sizes == traffic::SizeLaw::capture ||
         !flows.payload_capture.empty() || flows.mss + kMostHeaders > kUsualBytes ||
         (flows.sizes == traffic::SizeLaw::fixed && flows.frame_bytes + kMostHeaders > kUsualBytes);
}

}  // namespace

std::uint32_t buffer_bytes(const traffic::Profile& profile) {
  const bool cut =
      profile.faults.truncate_bytes > 0 && profile.faults.truncate_bytes + kMostHeaders <= kUsualBytes;
  return cut || !may_be_long(profile) ? kUsualBytes
                                      : static_cast<std::uint32_t>(traffic::FrameWriter::kMostFrameBytes);
}

std::uint32_t BufferPlan::memory_mb() const noexcept {
  constexpr std::uint64_t kHeaders = sizeof(rte_mbuf) + sizeof(packet::Meta) + RTE_PKTMBUF_HEADROOM + 3 * 64;
  return static_cast<std::uint32_t>((std::bit_ceil(std::uint64_t{packets} + 1) * (bytes + kHeaders) >> 20) +
                                    8);
}

MbufOutput::MbufOutput(const traffic::Profile& profile, engine::Pool pool)
    : pool_(std::move(pool)), writer_(profile) {}

MbufOutput::~MbufOutput() {
  MbufOutput::discard();
}

void MbufOutput::mark(rte_mbuf&, const traffic::PacketPlan&) const noexcept {}

void MbufOutput::make(std::span<const traffic::PacketPlan> plans) noexcept {
  if (next_ == made_.size()) {
    made_.clear();
    next_ = 0;
  }
  for (const traffic::PacketPlan& plan : plans) made_.push_back(frame_of(plan));
  counts_.made += plans.size();
}

rte_mbuf* MbufOutput::frame_of(const traffic::PacketPlan& plan) noexcept {
  rte_mbuf* m = rte_pktmbuf_alloc(pool_.get());
  if (m == nullptr) {
    ++counts_.no_buffer;
    return nullptr;
  }
  const std::size_t length =
      writer_.write(plan, {rte_pktmbuf_mtod(m, std::uint8_t*), rte_pktmbuf_tailroom(m)});
  if (length == 0) {
    ++counts_.too_long;
    rte_pktmbuf_free(m);
    return nullptr;
  }
  m->data_len = static_cast<std::uint16_t>(length);
  m->pkt_len = static_cast<std::uint32_t>(length);
  longest_ = std::max(longest_, length);
  mark(*m, plan);
  return m;
}

void MbufOutput::send(std::size_t count) noexcept {
  std::array<rte_mbuf*, SendOptions::kMostBurst> burst;
  std::size_t ready = 0;
  for (const std::size_t end = next_ + count; next_ < end; ++next_) {
    if (made_[next_] != nullptr) burst[ready++] = made_[next_];
    if (ready < burst.size() && next_ + 1 < end) continue;
    hand_over_burst({burst.data(), ready});
    ready = 0;
  }
}

void MbufOutput::hand_over_burst(std::span<rte_mbuf*> packets) noexcept {
  std::uint64_t bytes = 0;
  for (const rte_mbuf* m : packets) bytes += m->pkt_len;
  const std::size_t taken = packets.empty() ? 0 : hand_over(packets);
  for (rte_mbuf* m : packets.subspan(taken)) {
    bytes -= m->pkt_len;
    rte_pktmbuf_free(m);
  }
  counts_.sent += taken;
  counts_.bytes += bytes;
  counts_.dropped += packets.size() - taken;
}

void MbufOutput::discard() noexcept {
  for (; next_ < made_.size(); ++next_) {
    if (made_[next_] == nullptr) continue;
    rte_pktmbuf_free(made_[next_]);
    ++counts_.discarded;
  }
}

}  // namespace mirrorscan::sender
