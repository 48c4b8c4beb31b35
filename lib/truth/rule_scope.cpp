#include "truth/rule_scope.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

namespace mirrorscan::truth {
namespace {

using signature::AddressSet;
using signature::PortRange;
using signature::PortSet;
using signature::Rule;
using signature::Wanted;

/// No generated flow has a lower client port.
constexpr std::uint16_t kLowestClientPort = 32'768;

bool wants(const Rule& rule, Direction direction) {
  if (rule.flow.direction == Wanted::any) return true;
  return (rule.flow.direction == Wanted::to_server) == (direction == Direction::to_server);
}

struct End {
  const IpAddress& address;
  std::uint16_t port;
};

bool one_way(const Rule& rule, IpVersion version, const End& src, const End& dst) {
  return rule.header.src.contains(version, src.address) && rule.header.dst.contains(version, dst.address) &&
         rule.header.src_ports.contains(src.port) && rule.header.dst_ports.contains(dst.port);
}

struct Sides {
  const PortSet& client;
  const PortSet& server;
};

Sides sides(const Rule& rule, Direction direction) {
  const auto& h = rule.header;
  return direction == Direction::to_server ? Sides{h.src_ports, h.dst_ports}
                                           : Sides{h.dst_ports, h.src_ports};
}

/// Ports with ordinary traffic of their own come first: what is said around the attack fits them.
std::optional<std::uint16_t> server_port_of(const PortSet& ports, std::uint8_t protocol, std::uint64_t draw) {
  static constexpr std::array<std::uint16_t, 3> kTcpPorts = {80, 443, 9000};
  static constexpr std::array<std::uint16_t, 2> kUdpPorts = {53, 5000};
  const std::size_t count = protocol == kTcp ? kTcpPorts.size() : kUdpPorts.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = (i + draw) % count;
    const std::uint16_t port = protocol == kTcp ? kTcpPorts[at] : kUdpPorts[at];
    if (ports.contains(port)) return port;
  }
  for (const PortRange& range : ports.ranges())
    if (range.last > 0) return std::max<std::uint16_t>(range.first, 1);
  return std::nullopt;
}

std::optional<std::uint16_t> client_port_of(const PortSet& ports, std::uint16_t server, std::uint64_t draw) {
  const PortSet usual = PortSet::of({{kLowestClientPort, 65'535}});
  if (server < kLowestClientPort && usual.without(ports).empty()) return 0;
  const auto fixed = static_cast<std::uint16_t>(40'000 + draw % 20'000);
  if (fixed > server && ports.contains(fixed)) return fixed;
  for (const PortRange& range : ports.ranges()) {
    const std::uint32_t above = std::max<std::uint32_t>(range.first, server + 1U);
    if (above <= range.last) return static_cast<std::uint16_t>(above);
  }
  return std::nullopt;
}

std::optional<Scene> scene_in(const Rule& rule, std::uint8_t protocol, Direction direction,
                              std::uint64_t draw) {
  if (!wants(rule, direction)) return std::nullopt;
  const Sides ports = sides(rule, direction);
  const auto server = server_port_of(ports.server, protocol, draw);
  if (!server) return std::nullopt;
  const auto client = client_port_of(ports.client, *server, draw);
  if (!client) return std::nullopt;
  const bool in_one_piece = protocol == kUdp || rule.rule_class != signature::RuleClass::stream;
  return Scene{protocol, direction, *client, *server, in_one_piece};
}

}  // namespace

bool accepts(const Rule& rule, const traffic::Endpoints& ends, Direction direction) {
  if (!wants(rule, direction) || !rule.header.protocols.contains(ends.version, ends.protocol)) return false;
  const End client{ends.client, ends.client_port}, server{ends.server, ends.server_port};
  const bool forward = direction == Direction::to_server;
  const End &src = forward ? client : server, &dst = forward ? server : client;
  return one_way(rule, ends.version, src, dst);
}

bool may_accept(const Rule& rule, std::uint8_t protocol, std::uint16_t server_port, Direction direction) {
  if (!wants(rule, direction) || !rule.header.protocols.numbers[protocol]) return false;
  return sides(rule, direction).server.contains(server_port);
}

std::optional<Scene> scene_of(const Rule& rule, std::uint64_t draw) {
  // A rule for a server's port is about what clients send there, even where it does not say so.
  const bool about_answers = rule.header.dst_ports.is_any() && !rule.header.src_ports.is_any();
  const Direction first = about_answers ? Direction::to_client : Direction::to_server;
  for (const std::uint8_t protocol : {kTcp, kUdp}) {
    if (!rule.header.protocols.numbers[protocol]) continue;
    for (const Direction direction : {first, opposite(first)})
      if (const auto scene = scene_in(rule, protocol, direction, draw)) return scene;
  }
  return std::nullopt;
}

bool accepts_ten(const Rule& rule) {
  const AddressSet ten = AddressSet::of({{IpAddress::v4(10, 0, 0, 0), IpAddress::v4(10, 255, 255, 255)}}, {});
  return rule.header.protocols.v4 && ten.without(rule.header.src).v4().empty() &&
         ten.without(rule.header.dst).v4().empty();
}

}  // namespace mirrorscan::truth
