#include "bench/fed.h"

#include <rte_mbuf.h>

#include <cmath>

#include "base/mix.h"
#include "decode/decode.h"
#include "packet/access.h"

namespace mirrorscan::bench {
namespace {

using packet::Meta;
using packet::Transport;

[[nodiscard]] bool printable(std::uint8_t byte) noexcept {
  return byte >= 0x20 && byte < 0x7f;
}

[[nodiscard]] std::uint64_t hash_of(ByteView bytes) noexcept {
  std::uint64_t state = bytes.size();
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    std::uint64_t word = 0;
    for (std::size_t k = i; k < std::min(i + 8, bytes.size()); ++k) word = word << 8 | bytes[k];
    state = mix(state, word);
  }
  return state;
}

[[nodiscard]] Direction direction_of(const Meta& meta) noexcept {
  constexpr std::uint8_t kSyn = 0x02, kAck = 0x10;
  const bool syn = meta.transport == Transport::tcp && (meta.tcp.flags & kSyn) != 0;
  const bool from_client = syn ? (meta.tcp.flags & kAck) == 0 : meta.dst_port <= meta.src_port;
  return from_client ? Direction::to_server : Direction::to_client;
}

}  // namespace

void ByteCensus::add(ByteView payload) noexcept {
  bytes += payload.size();
  std::size_t run = 0;
  for (const std::uint8_t byte : payload) {
    ++counts[byte];
    if (printable(byte)) {
      ++run;
      continue;
    }
    if (run >= kTextRun) text_bytes += run;
    run = 0;
  }
  if (run >= kTextRun) text_bytes += run;
}

double ByteCensus::entropy_bits() const noexcept {
  double bits = 0;
  for (const std::uint64_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(bytes);
    bits -= share * std::log2(share);
  }
  return bits;
}

double ByteCensus::text_share() const noexcept {
  return bytes == 0 ? 0 : static_cast<double>(text_bytes) / static_cast<double>(bytes);
}

double FedTraffic::repeated_share() const noexcept {
  return census_.bytes == 0 ? 0 : static_cast<double>(repeated_bytes_) / static_cast<double>(census_.bytes);
}

void FedTraffic::add(const TimedFrame& frame) {
  if (packets_ == 0) first_ = frame.time;
  last_ = frame.time;
  ++packets_;
  outer_bytes_ += frame.bytes.size();
  rte_mbuf* m = packet::from_bytes(pool_, frame.bytes);
  if (m == nullptr) {
    ++refused_;
    return;
  }
  Meta& meta = packet::meta(*m);
  meta = {};
  decap::Observed observed;
  if (decap::decapsulate(*m, decap_, meta.tunnel, observed) != ledger::PacketEnd::none ||
      decode::decode(*m, meta) != ledger::PacketEnd::none) {
    ++refused_;
  } else {
    meta.tenant = meta.tunnel.vni;
    const flow::Key key = flow::key_of(meta, flow::VlanInKey::no);
    flows_.insert(key);
    const auto end = static_cast<std::uint64_t>(flow::orientation_of(meta));
    if (meta.payload_captured > 0 && !meta.fragment) add_payload(*m, meta, key, mix(flow::hash(key), end));
  }
  rte_pktmbuf_free(m);
}

void FedTraffic::add_payload(const rte_mbuf& m, const Meta& meta, const flow::Key& key, std::uint64_t end) {
  one_.resize(meta.payload_captured);
  one_.resize(packet::copy_out(m, meta.payload_offset, meta.payload_captured, one_.data()));
  ++payload_packets_;
  census_.add(one_);
  const bool tcp = meta.transport == Transport::tcp;
  const std::uint64_t place =
      tcp ? mix(mix(end, meta.tcp.seq), one_.size()) : mix(mix(end, meta.ip_id), hash_of(one_));
  if (!places_.insert(place).second) repeated_bytes_ += one_.size();
  const std::uint32_t stream = stream_of(end);
  if (keep_ == Keep::counts || (!tcp && key.protocol != 17)) return;
  payloads_.push_back(
      {bytes_.size(), static_cast<std::uint32_t>(one_.size()), stream, direction_of(meta), tcp});
  bytes_.insert(bytes_.end(), one_.begin(), one_.end());
}

std::uint32_t FedTraffic::stream_of(std::uint64_t end) {
  return streams_.try_emplace(end, static_cast<std::uint32_t>(streams_.size())).first->second;
}

Figures FedTraffic::figures() const {
  Figures out;
  out.count("packets", packets_).count("flows", flows_.size()).count("streams", streams_.size());
  out.count("outer_bytes", outer_bytes_).count("payload_bytes", census_.bytes);
  out.count("payload_packets", payload_packets_).count("refused_packets", refused_);
  out.number("seconds", static_cast<double>((last_ - first_).us) / 1e6);
  out.number("entropy_bits", census_.entropy_bits()).number("text_share", census_.text_share());
  return std::move(out.number("repeated_share", repeated_share()));
}

}  // namespace mirrorscan::bench
