#include "keywords/header_bytes.h"

#include "wire/icmp.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"
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

/// With the timestamps or addresses that some types have.
ByteView icmpv4(const PacketView& packet) noexcept {
  return first_of(packet.l4(), packet.meta.payload_offset - packet.meta.l4_offset);
}

/// With its extension headers; of a fragment up to the fragment header.
ByteView ipv6(const PacketView& packet) noexcept {
  const packet::Meta& meta = packet.meta;
  if (meta.l4_offset < meta.l3_offset) return {};
  const std::size_t length = std::size_t{meta.l4_offset} - meta.l3_offset;
  const std::size_t behind = meta.fragment ? sizeof(wire::Ipv6Fragment) : 0;
  return length < behind ? ByteView{} : first_of(packet.l3, length - behind);
}

}  // namespace

ByteView header_bytes(Buffer buffer, const PacketView& packet) noexcept {
  const packet::Meta& meta = packet.meta;
  const auto only = [&](bool there, auto bytes) noexcept { return there ? bytes(packet) : ByteView{}; };
  switch (buffer) {
    case Buffer::payload: break;
    case Buffer::ipv4_header: return only(meta.version == IpVersion::v4, ipv4);
    case Buffer::ipv6_header: return only(meta.version == IpVersion::v6, ipv6);
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
