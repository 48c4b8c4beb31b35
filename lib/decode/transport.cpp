#include "decode/transport.h"

#include <algorithm>

#include "wire/icmp.h"
#include "wire/ip_protocol.h"
#include "wire/ipv4.h"
#include "wire/sctp.h"
#include "wire/tcp.h"
#include "wire/udp.h"
#include "wire/view.h"

namespace mirrorscan::decode {

using ledger::PacketEnd;
using packet::Transport;

namespace {

/// What a look at a transport header found. Only `there` has a header.
enum class Reach : std::uint8_t { there, cut, too_short };

/// Whether the first `bytes` of the IP payload are there, cut off by truncation, or denied by the IP length.
Reach reach(const packet::IpLayer& ip, std::uint32_t bytes) noexcept {
  if (ip.payload_stated < bytes) return Reach::too_short;
  return ip.payload_captured < bytes ? Reach::cut : Reach::there;
}

PacketEnd end_of(Reach reach) noexcept {
  return reach == Reach::too_short ? PacketEnd::inner_bad_transport_header : PacketEnd::none;
}

void set_payload(const packet::IpLayer& ip, Transport transport, std::uint32_t header,
                 packet::Meta& meta) noexcept {
  meta.transport = transport;
  meta.payload_offset = ip.payload_offset + header;
  meta.payload_stated = ip.payload_stated - header;
  meta.payload_captured = ip.payload_captured - header;
}

template <class Header>
const Header* header_at(const rte_mbuf& m, const packet::IpLayer& ip, packet::HeaderScratch& scratch,
                        Reach& reached) noexcept {
  reached = reach(ip, sizeof(Header));
  if (reached != Reach::there) return nullptr;
  const auto* header = packet::view<Header>(m, ip.payload_offset, scratch);
  if (header == nullptr) reached = Reach::cut;
  return header;
}

void read_tcp_options(ByteView options, packet::Tcp& tcp) noexcept {
  wire::for_each_tcp_option(options, [&tcp](std::uint8_t kind, ByteView data) noexcept {
    const auto* word = wire::view<wire::Be16>(data);
    if (kind == wire::tcp_option::kMss && data.size() == 2) tcp.mss = word->host();
    if (kind == wire::tcp_option::kWindowScale && data.size() == 1) tcp.window_scale = data[0];
    if (kind == wire::tcp_option::kFastOpen) tcp.fast_open = true;
    if (kind == wire::tcp_option::kExperimental && word != nullptr &&
        word->host() == wire::tcp_option::kFastOpenExperiment)
      tcp.fast_open = true;
  });
}

PacketEnd read_tcp(const rte_mbuf& m, const packet::IpLayer& ip, packet::Meta& meta) noexcept {
  packet::HeaderScratch scratch;
  Reach reached = Reach::there;
  const auto* tcp = header_at<wire::TcpHeader>(m, ip, scratch, reached);
  if (tcp == nullptr) return end_of(reached);
  const std::uint32_t header = tcp->header_bytes();
  if (header < sizeof(wire::TcpHeader)) return PacketEnd::inner_bad_transport_header;
  reached = reach(ip, header);
  if (reached != Reach::there) return end_of(reached);

  meta.src_port = tcp->src_port.host();
  meta.dst_port = tcp->dst_port.host();
  meta.tcp.seq = tcp->seq.host();
  meta.tcp.ack = tcp->ack.host();
  meta.tcp.window = tcp->window.host();
  meta.tcp.flags = tcp->flags;
  const auto fixed = static_cast<std::uint32_t>(sizeof(wire::TcpHeader));
  const std::uint8_t* options = packet::read(m, ip.payload_offset + fixed, header - fixed, scratch.data());
  if (options != nullptr) read_tcp_options({options, header - fixed}, meta.tcp);
  set_payload(ip, Transport::tcp, header, meta);
  return PacketEnd::none;
}

PacketEnd read_udp(const rte_mbuf& m, const packet::IpLayer& ip, packet::Meta& meta) noexcept {
  packet::HeaderScratch scratch;
  Reach reached = Reach::there;
  const auto* udp = header_at<wire::UdpHeader>(m, ip, scratch, reached);
  if (udp == nullptr) return end_of(reached);
  const std::uint32_t length = udp->length.host();
  if (length < sizeof(wire::UdpHeader) || length > ip.payload_stated)
    return PacketEnd::inner_bad_transport_header;
  meta.src_port = udp->src_port.host();
  meta.dst_port = udp->dst_port.host();
  set_payload(ip, Transport::udp, sizeof(wire::UdpHeader), meta);
  meta.payload_stated = length - static_cast<std::uint32_t>(sizeof(wire::UdpHeader));
  meta.payload_captured = std::min(meta.payload_captured, meta.payload_stated);
  return PacketEnd::none;
}

/// RFC 792: the IP header and the first 8 bytes of the packet that could not be delivered. Nothing is quoted
/// when that is not IPv4 with ports, or not all there.
void read_quoted(const rte_mbuf& m, std::uint32_t offset, packet::Meta& meta) noexcept {
  packet::HeaderScratch scratch;
  const auto* ip = packet::view<wire::Ipv4Header>(m, offset, scratch);
  if (ip == nullptr || ip->version() != 4 || ip->header_bytes() < sizeof(wire::Ipv4Header)) return;
  if (ip->protocol != wire::ip_protocol::kTcp && ip->protocol != wire::ip_protocol::kUdp) return;
  packet::Quoted found{IpAddress::from(ip->src.data(), ip->src.size()),
                       IpAddress::from(ip->dst.data(), ip->dst.size()), 0, 0, ip->protocol};
  const auto* ports = packet::view<wire::UdpHeader>(m, offset + ip->header_bytes(), scratch);
  if (ports == nullptr) return;
  found.src_port = ports->src_port.host();
  found.dst_port = ports->dst_port.host();
  meta.quoted = found;
  meta.quotes = true;
}

/// Timestamps (RFC 792) and the addresses of router advertisements (RFC 1256) belong to the header, when they
/// are all there.
std::uint32_t icmp_header_bytes(const wire::IcmpHeader& icmp, const packet::IpLayer& ip) noexcept {
  constexpr std::uint32_t kFixed = sizeof(wire::IcmpHeader);
  std::uint32_t bytes = kFixed;
  if (icmp.type == wire::IcmpHeader::kTimestamp || icmp.type == wire::IcmpHeader::kTimestampReply)
    bytes += wire::IcmpHeader::kTimestampBytes;
  if (icmp.type == wire::IcmpHeader::kRouterAdvertisement) {
    const std::uint32_t addresses = icmp.rest.host() >> 24, words_each = icmp.rest.host() >> 16 & 0xff;
    bytes += addresses * words_each * 4;
  }
  return reach(ip, bytes) == Reach::there ? bytes : kFixed;
}

PacketEnd read_icmp(const rte_mbuf& m, const packet::IpLayer& ip, Transport transport,
                    packet::Meta& meta) noexcept {
  packet::HeaderScratch scratch;
  Reach reached = Reach::there;
  const auto* icmp = header_at<wire::IcmpHeader>(m, ip, scratch, reached);
  if (icmp == nullptr) return end_of(reached);
  meta.icmp_type = icmp->type;
  meta.icmp_code = icmp->code;
  set_payload(ip, transport, transport == Transport::icmp ? icmp_header_bytes(*icmp, ip) : sizeof(*icmp),
              meta);
  if (transport == Transport::icmp && meta.icmp_type == wire::IcmpHeader::kDestinationUnreachable)
    read_quoted(m, meta.payload_offset, meta);
  return PacketEnd::none;
}

PacketEnd read_sctp(const rte_mbuf& m, const packet::IpLayer& ip, packet::Meta& meta) noexcept {
  packet::HeaderScratch scratch;
  Reach reached = Reach::there;
  const auto* sctp = header_at<wire::SctpHeader>(m, ip, scratch, reached);
  if (sctp == nullptr) return end_of(reached);
  meta.src_port = sctp->src_port.host();
  meta.dst_port = sctp->dst_port.host();
  set_payload(ip, Transport::sctp, sizeof(wire::SctpHeader), meta);
  return PacketEnd::none;
}

}  // namespace

PacketEnd read_transport(const rte_mbuf& m, const packet::IpLayer& ip, packet::Meta& meta) noexcept {
  using namespace wire::ip_protocol;
  meta.payload_offset = ip.payload_offset;
  meta.payload_stated = ip.payload_stated;
  meta.payload_captured = 0;
  if (ip.extensions_cut) return PacketEnd::none;
  switch (ip.protocol) {
    case kTcp: return read_tcp(m, ip, meta);
    case kUdp: return read_udp(m, ip, meta);
    case kSctp: return read_sctp(m, ip, meta);
    case kIcmp:
      if (ip.version == IpVersion::v4) return read_icmp(m, ip, Transport::icmp, meta);
      break;
    case kIcmpv6:
      if (ip.version == IpVersion::v6) return read_icmp(m, ip, Transport::icmpv6, meta);
      break;
    default: break;
  }
  set_payload(ip, Transport::other, 0, meta);
  return PacketEnd::none;
}

}  // namespace mirrorscan::decode
