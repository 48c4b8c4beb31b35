#include "keywords/header_bytes.h"

#include "wire/icmp.h"
#include "wire/ipv4.h"
#include "wire/tcp.h"
#include "wire/udp.h"
#include "wire/view.h"

namespace mirrorscan::keywords {

using packet::Transport;
using signature::Buffer;
using signature::PacketView;

namespace {

ByteView first_of(ByteView bytes, std::size_t length) noexcept {
  return length <= bytes.size() ? bytes.first(length) : ByteView{};
}

ByteView ipv4(const PacketView& packet) noexcept {
  const auto* header = wire::view<wire::Ipv4Header>(packet.l3);
  return header == nullptr ? ByteView{} : first_of(packet.l3, header->header_bytes());
}

ByteView tcp(const PacketView& packet) noexcept {
  const auto* header = wire::view<wire::TcpHeader>(packet.l4());
  return header == nullptr ? ByteView{} : first_of(packet.l4(), header->header_bytes());
}

ByteView icmpv4(const PacketView& packet) noexcept {
  return first_of(packet.l4(), sizeof(wire::IcmpHeader));
}

}  // namespace

ByteView header_bytes(Buffer buffer, const PacketView& packet) noexcept {
  const packet::Meta& meta = packet.meta;
  const auto only = [&](bool there, auto bytes) noexcept { return there ? bytes(packet) : ByteView{}; };
  switch (buffer) {
    case Buffer::payload: break;
    case Buffer::ipv4_header: return only(meta.version == IpVersion::v4, ipv4);
    case Buffer::ipv6_header:
      if (meta.version != IpVersion::v6 || meta.l4_offset < meta.l3_offset) break;
      return first_of(packet.l3, std::size_t{meta.l4_offset} - meta.l3_offset);
    case Buffer::tcp_header: return only(meta.transport == Transport::tcp, tcp);
    case Buffer::udp_header:
      if (meta.transport != Transport::udp) break;
      return first_of(packet.l4(), sizeof(wire::UdpHeader));
    case Buffer::icmpv4_header: return only(meta.transport == Transport::icmp, icmpv4);
    case Buffer::icmpv6_header:
      if (meta.transport != Transport::icmpv6) break;
      return first_of(packet.l4(), sizeof(wire::IcmpHeader));
  }
  return {};
}

}  // namespace mirrorscan::keywords
