#include "traffic/flow_draws.h"

#include <numeric>

#include "traffic/sources.h"
#include "wire/ip_protocol.h"

namespace mirrorscan::traffic {
namespace {

/// 53 bits: as many as a double holds.
constexpr int kDrawnBits = 53;
constexpr double kDrawn = static_cast<double>(1ULL << kDrawnBits);

[[nodiscard]] std::uint64_t shortened(std::uint64_t bits) noexcept {
  return bits >> (64 - kDrawnBits);
}

[[nodiscard]] std::uint8_t byte(std::uint64_t value, int shift) noexcept {
  return static_cast<std::uint8_t>(value >> shift);
}

/// Clients are in 10.64.0.0/16 or fd00:4000::/32, servers in 10.128.0.0/9 or fd00:8000::/32.
constexpr std::uint8_t kClients = 64, kServers = 128;
/// Dynamic ports of Linux (ip_local_port_range).
constexpr std::uint32_t kFirstPort = 32'768, kPorts = 28'232;

[[nodiscard]] IpAddress address(bool ipv6, std::uint8_t net, std::uint32_t host) noexcept {
  if (!ipv6)
    return IpAddress::v4(10, static_cast<std::uint8_t>(net + byte(host, 16)), byte(host, 8), byte(host, 0));
  IpAddress out{{0xfd, 0x00, net}};
  for (int i = 0; i < 3; ++i) out.bytes[static_cast<std::size_t>(15 - i)] = byte(host, 8 * i);
  return out;
}

/// profile.h has the ports.
constexpr std::array<std::uint16_t, kKinds> kServerPorts = {80, 443, 9'000, 53, 5'000};

}  // namespace

FlowDraws::FlowDraws(const Profile& profile) noexcept
    : seed_(mix(profile.seed, 0)),
      sources_(Sources(profile.mirrors).count()),
      ipv6_below_(static_cast<std::uint64_t>(profile.flows.ipv6_share * kDrawn)) {
  const auto& mix = profile.flows.mix;
  const double all = std::accumulate(mix.begin(), mix.end(), 0.0);
  double below = 0;
  for (std::size_t i = 0; i < kKinds; ++i)
    kind_below_[i] = static_cast<std::uint64_t>((below += mix[i]) / all * kDrawn);
}

Kind FlowDraws::kind(std::uint64_t serial) const noexcept {
  const std::uint64_t drawn = shortened(draw(Draw::kind, serial));
  std::size_t last = 0;  // of the kinds that have a weight: sums of doubles may end a little below 1
  for (std::size_t i = 0; i < kKinds; ++i) {
    if (drawn < kind_below_[i]) return static_cast<Kind>(i);
    if (i > 0 ? kind_below_[i] > kind_below_[i - 1] : kind_below_[0] > 0) last = i;
  }
  return static_cast<Kind>(last);
}

bool FlowDraws::ipv6(std::uint64_t serial) const noexcept {
  return shortened(draw(Draw::ipv6, serial)) < ipv6_below_;
}

Endpoints FlowDraws::ends(std::uint64_t serial, Kind kind, std::uint16_t client_port,
                          std::uint16_t server_port) const noexcept {
  const bool v6 = ipv6(serial);
  const auto client = static_cast<std::uint32_t>(serial & 0xffff);
  const std::uint64_t round = serial >> 16;
  // Where the ports are given, the servers tell the flows of one client apart.
  const std::uint32_t server =
      client_port == 0 ? static_cast<std::uint32_t>(kind) << 16 | (draw(Draw::server, serial) & 0xff)
                       : 0x40'0000 | static_cast<std::uint32_t>(round & 0x3f'ffff);
  Endpoints out;
  out.client = address(v6, kClients, client);
  out.server = address(v6, kServers, server);
  out.client_port = client_port != 0 ? client_port : static_cast<std::uint16_t>(kFirstPort + round % kPorts);
  out.server_port = server_port != 0 ? server_port : kServerPorts[static_cast<std::size_t>(kind)];
  out.version = v6 ? IpVersion::v6 : IpVersion::v4;
  out.protocol = is_udp(kind) ? wire::ip_protocol::kUdp : wire::ip_protocol::kTcp;
  return out;
}

std::uint32_t FlowDraws::source(std::uint64_t serial) const noexcept {
  return static_cast<std::uint32_t>((draw(Draw::source, serial) >> 32) * sources_ >> 32);
}

double FlowDraws::life(std::uint64_t serial) const noexcept {
  return 0.5 + static_cast<double>(shortened(draw(Draw::life, serial))) / kDrawn;
}

std::uint32_t FlowDraws::initial_sequence(std::uint64_t serial, Direction direction) const noexcept {
  return static_cast<std::uint32_t>(draw(Draw::sequence, serial, index_of(direction)));
}

std::uint32_t FlowDraws::place(std::uint64_t serial, Direction direction, std::size_t most) const noexcept {
  return static_cast<std::uint32_t>((draw(Draw::place, serial, index_of(direction)) >> 32) * most >> 32);
}

std::uint64_t FlowDraws::bits(std::uint64_t serial, std::uint32_t ordinal) const noexcept {
  return draw(Draw::ordinal, serial, ordinal);
}

}  // namespace mirrorscan::traffic
