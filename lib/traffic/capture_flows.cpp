#include "traffic/capture_flows.h"

#include <unordered_map>
#include <utility>

#include "traffic/frame_parts.h"
#include "wire/ip_protocol.h"
#include "wire/tcp.h"
#include "wire/view.h"

namespace mirrorscan::traffic {
namespace {

/// One end of a flow before it is known which is the client.
struct End {
  IpAddress address;
  std::uint16_t port = 0;
  auto operator<=>(const End&) const = default;
};

struct FlowKey {
  End low, high;
  IpVersion version = IpVersion::none;
  std::uint8_t protocol = 0;
  bool operator==(const FlowKey&) const = default;
};

struct FlowKeyHash {
  std::size_t operator()(const FlowKey& key) const noexcept {
    const std::uint64_t ports = std::uint64_t{key.low.port} << 16 | key.high.port;
    const std::uint64_t kind = static_cast<std::uint64_t>(key.version) << 8 | key.protocol;
    return mix(mix(mix(kind << 32 | ports, key.low.address), key.high.address), 0);
  }
};

[[nodiscard]] FlowKey key_of(const FrameParts& parts, End a, End b) noexcept {
  if (b < a) std::swap(a, b);
  return {a, b, parts.version, parts.protocol};
}

/// A connection that the capture saw only from its second packet on was still begun by the other side.
[[nodiscard]] bool sent_by_server(ByteView frame, const FrameParts& parts) noexcept {
  if (parts.protocol != wire::ip_protocol::kTcp || !parts.transport || parts.fragment) return false;
  const auto* tcp = wire::view<wire::TcpHeader>(frame.subspan(parts.l4));
  constexpr std::uint8_t kSynAck = wire::tcp_flag::kSyn | wire::tcp_flag::kAck;
  return tcp != nullptr && (tcp->flags & kSynAck) == kSynAck;
}

class Following {
 public:
  explicit Following(Hosts& hosts) : hosts_(hosts) {}

  void take(ByteView frame) {
    const FrameParts parts = parts_of(frame);
    if (parts.version == IpVersion::none) {
      found_.places.push_back({});
      return;
    }
    const FrameAddresses addresses = addresses_of(frame, parts);
    add_hosts(parts, addresses);
    CaptureFlows::Place place{0, pair_about(frame, parts, addresses)};
    const End src{addresses.src, addresses.src_port}, dst{addresses.dst, addresses.dst_port};
    place.flow = flow_of(frame, parts, src, dst);
    const Endpoints& ends = found_.flows[place.flow].ends;
    const bool from_client = ends.client == src.address && ends.client_port == src.port;
    place.direction = from_client ? Direction::to_server : Direction::to_client;
    found_.places.push_back(place);
  }

  [[nodiscard]] CaptureFlows done() && { return std::move(found_); }

 private:
  void add_hosts(const FrameParts& parts, const FrameAddresses& addresses) {
    hosts_.add(parts.version, addresses.src);
    hosts_.add(parts.version, addresses.dst);
  }

  /// The hosts that the frame is about: its own, or for an ICMP error those of the packet that it quotes.
  [[nodiscard]] std::uint32_t pair_about(ByteView frame, const FrameParts& parts, FrameAddresses addresses) {
    if (const FrameParts quoted = quoted_parts(frame, parts); quoted.version != IpVersion::none) {
      addresses = addresses_of(frame, quoted);
      add_hosts(quoted, addresses);
    }
    FlowKey key = key_of(parts, {addresses.src}, {addresses.dst});
    key.protocol = 0;
    return pairs_.try_emplace(key, static_cast<std::uint32_t>(pairs_.size())).first->second;
  }

  [[nodiscard]] std::uint32_t flow_of(ByteView frame, const FrameParts& parts, End src, End dst) {
    const auto fresh = static_cast<std::uint32_t>(found_.flows.size());
    const auto [at, added] = numbers_.try_emplace(key_of(parts, src, dst), fresh);
    if (added) found_.flows.push_back(begin(frame, parts, src, dst));
    return at->second;
  }

  [[nodiscard]] CaptureFlow begin(ByteView frame, const FrameParts& parts, End src, End dst) {
    CaptureFlow flow;
    End client = src, server = dst;
    if (sent_by_server(frame, parts)) std::swap(client, server);
    flow.ends = {client.address, server.address, client.port, server.port, parts.version, parts.protocol};
    flow.moves = hosts_.moves(parts.version, src.address) || hosts_.moves(parts.version, dst.address);
    flow.number =
        flow.moves ? found_.moving++ : static_cast<std::uint32_t>(found_.flows.size()) - found_.moving;
    return flow;
  }

  Hosts& hosts_;
  CaptureFlows found_;
  std::unordered_map<FlowKey, std::uint32_t, FlowKeyHash> numbers_, pairs_;
};

}  // namespace

CaptureFlows follow_flows(const CaptureFrames& frames, Hosts& hosts) {
  Following following(hosts);
  for (const CaptureFrame& frame : frames.frames) following.take(frames.view(frame));
  return std::move(following).done();
}

}  // namespace mirrorscan::traffic
