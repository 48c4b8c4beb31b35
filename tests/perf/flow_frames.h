#pragma once
// The frames of many long-lived flows, 64 bytes of inner frame each: VXLAN with IPv4 and UDP or TCP in it.

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/direction.h"
#include "support/mirror.h"

namespace mirrorscan::perf {

enum class Kind : std::uint8_t { udp, tcp };

/// Writes a flow's next packet over a template: addresses tell flows apart, TCP's numbers go on.
class FlowFrames {
 public:
  FlowFrames(Kind kind, std::uint32_t flows) : kind_(kind), sent_(kind == Kind::tcp ? flows : 0) {
    for (const Direction d : {Direction::to_server, Direction::to_client}) templates_[index_of(d)] = make(d);
  }

  /// A flow's n-th frame of its beginning: a handshake, or a datagram in each direction.
  [[nodiscard]] const support::Bytes& opening(std::uint32_t flow, std::uint32_t n) {
    const Direction d = n % 2 == 0 ? Direction::to_server : Direction::to_client;
    if (kind_ == Kind::udp) return next(flow, d);
    constexpr std::array<std::uint8_t, 3> kFlags{support::kSyn, support::kSyn | support::kAck, support::kAck};
    opening_ = templates_[index_of(d)];
    write_addresses(opening_, flow, d);
    write(opening_, kTcp + 4, n == 2 ? 1 : 0);
    write(opening_, kTcp + 8, n == 0 ? 0 : 1);
    opening_[kTcp + 13] = kFlags[n];
    opening_.resize(opening_.size() - kTcpPayload);
    opening_[kInnerIp + 3] = 40;
    return opening_;
  }
  [[nodiscard]] std::uint32_t openings() const noexcept { return kind_ == Kind::tcp ? 3 : 2; }

  [[nodiscard]] const support::Bytes& next(std::uint32_t flow, Direction d) {
    support::Bytes& frame = templates_[index_of(d)];
    write_addresses(frame, flow, d);
    if (kind_ == Kind::udp) return frame;
    auto& sent = sent_[flow];
    write(frame, kTcp + 4, 1 + sent[index_of(d)]);
    write(frame, kTcp + 8, 1 + sent[index_of(opposite(d))]);
    sent[index_of(d)] += kTcpPayload;
    return frame;
  }

 private:
  static constexpr std::size_t kInnerIp = 64, kTcp = kInnerIp + 20;
  static constexpr std::uint32_t kTcpPayload = 10, kUdpPayload = 22;

  [[nodiscard]] support::Bytes make(Direction d) const {
    support::Packet inner;
    const std::uint16_t from = d == Direction::to_server ? 40'000 : 443,
                        to = d == Direction::to_server ? 443 : 40'000;
    inner.ip("10.0.0.0", "192.0.2.1");
    if (kind_ == Kind::tcp)
      inner.tcp(from, to).flags(support::kAck | support::kPsh).payload(std::string(kTcpPayload, 'x'));
    else
      inner.udp(from, to).payload(std::string(kUdpPayload, 'x'));
    return support::Mirror().vxlan(inner.bytes());
  }
  /// Address `10.0.0.0 + flow` talks with 192.0.2.1; each packet has an IP id of its own.
  void write_addresses(support::Bytes& frame, std::uint32_t flow, Direction d) noexcept {
    const std::size_t client = kInnerIp + (d == Direction::to_server ? 12 : 16);
    const std::size_t server = kInnerIp + (d == Direction::to_server ? 16 : 12);
    write(frame, client, 0x0a00'0000 + flow);
    write(frame, server, 0xc000'0201);
    ++id_;
    frame[kInnerIp + 4] = static_cast<std::uint8_t>(id_ >> 8);
    frame[kInnerIp + 5] = static_cast<std::uint8_t>(id_);
  }
  static void write(support::Bytes& frame, std::size_t at, std::uint32_t number) noexcept {
    const std::uint32_t network_order = __builtin_bswap32(number);
    std::memcpy(frame.data() + at, &network_order, sizeof(network_order));
  }

  Kind kind_;
  std::array<support::Bytes, kDirections> templates_;
  support::Bytes opening_;
  std::vector<std::array<std::uint32_t, kDirections>> sent_;  ///< TCP payload bytes by flow
  std::uint16_t id_ = 0;
};

}  // namespace mirrorscan::perf
