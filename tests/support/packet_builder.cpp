#include "support/packet_builder.h"

#include <algorithm>
#include <utility>

namespace mirrorscan::support {

namespace {
constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kFragment = 44, kIcmpv6 = 58, kSctp = 132;

std::size_t address_bytes(IpVersion version) {
  return version == IpVersion::v6 ? 16 : 4;
}
}  // namespace

Packet& Packet::vlan(std::uint16_t id, std::uint16_t type) {
  vlans_.push_back({id, type});
  return *this;
}
Packet& Packet::ether_type(std::uint16_t type) {
  ether_type_ = type;
  return *this;
}
Packet& Packet::pad_to(std::size_t frame_bytes) {
  pad_to_ = frame_bytes;
  return *this;
}
Packet& Packet::ip(std::string_view src, std::string_view dst) {
  version_ = src.find(':') == std::string_view::npos ? IpVersion::v4 : IpVersion::v6;
  src_ = address(src);
  dst_ = address(dst);
  return *this;
}
Packet& Packet::ttl(std::uint8_t value) {
  ttl_ = value;
  return *this;
}
Packet& Packet::tos(std::uint8_t value) {
  tos_ = value;
  return *this;
}
Packet& Packet::id(std::uint32_t value) {
  id_ = value;
  return *this;
}
Packet& Packet::ip_options(std::size_t bytes) {
  ip_option_bytes_ = bytes;
  return *this;
}
Packet& Packet::padded_extension(std::uint8_t type, std::size_t bytes, std::uint8_t length) {
  Bytes body(bytes, 0);
  body.at(1) = length;
  return extension(type, std::move(body));
}
Packet& Packet::hop_by_hop(std::size_t bytes) {
  return padded_extension(0, bytes, static_cast<std::uint8_t>(bytes / 8 - 1));
}
Packet& Packet::routing(std::size_t bytes) {
  return padded_extension(43, bytes, static_cast<std::uint8_t>(bytes / 8 - 1));
}
Packet& Packet::destination_options(std::size_t bytes) {
  return padded_extension(60, bytes, static_cast<std::uint8_t>(bytes / 8 - 1));
}
Packet& Packet::authentication(std::size_t bytes) {
  return padded_extension(51, bytes, static_cast<std::uint8_t>(bytes / 4 - 2));
}
Packet& Packet::atomic_fragment() {
  Bytes body{0, 0, 0, 0};
  add32(body, id_);
  return extension(kFragment, std::move(body));
}
Packet& Packet::extension(std::uint8_t type, Bytes bytes) {
  extensions_.push_back({type, std::move(bytes)});
  return *this;
}
Packet& Packet::protocol(std::uint8_t number) {
  protocol_ = number;
  layer4_ = Layer4::none;
  return *this;
}
Packet& Packet::layer4(Layer4 kind, std::uint8_t protocol, std::uint16_t src_port, std::uint16_t dst_port) {
  layer4_ = kind;
  protocol_ = protocol;
  src_port_ = src_port;
  dst_port_ = dst_port;
  return *this;
}
Packet& Packet::tcp(std::uint16_t src_port, std::uint16_t dst_port) {
  return layer4(Layer4::tcp, kTcp, src_port, dst_port);
}
Packet& Packet::udp(std::uint16_t src_port, std::uint16_t dst_port) {
  return layer4(Layer4::udp, kUdp, src_port, dst_port);
}
Packet& Packet::sctp(std::uint16_t src_port, std::uint16_t dst_port) {
  return layer4(Layer4::sctp, kSctp, src_port, dst_port);
}
Packet& Packet::icmp(std::uint8_t type, std::uint8_t code) {
  icmp_type_ = type;
  icmp_code_ = code;
  return layer4(Layer4::icmp, kIcmp, 0, 0);
}
Packet& Packet::seq(std::uint32_t value) {
  seq_ = value;
  return *this;
}
Packet& Packet::ack(std::uint32_t value) {
  ack_ = value;
  return *this;
}
Packet& Packet::flags(std::uint8_t value) {
  flags_ = value;
  return *this;
}
Packet& Packet::window(std::uint16_t value) {
  window_ = value;
  return *this;
}
Packet& Packet::tcp_option(std::uint8_t kind, Bytes data) {
  add8(tcp_options_, kind);
  add8(tcp_options_, data.size() + 2);
  append(tcp_options_, data);
  return *this;
}
Packet& Packet::raw_tcp_options(Bytes bytes) {
  tcp_options_ = std::move(bytes);
  return *this;
}
Packet& Packet::no_udp_checksum() {
  udp_checksum_ = false;
  return *this;
}
Packet& Packet::payload(std::string_view text) {
  return payload(Bytes(text.begin(), text.end()));
}
Packet& Packet::payload(Bytes bytes) {
  payload_ = std::move(bytes);
  return *this;
}
Packet& Packet::ip_version(std::uint8_t nibble) {
  ip_version_ = nibble;
  return *this;
}
Packet& Packet::ip_header_words(std::uint8_t words) {
  ip_header_words_ = words;
  return *this;
}
Packet& Packet::ip_length(std::uint16_t value) {
  ip_length_ = value;
  return *this;
}
Packet& Packet::udp_length(std::uint16_t value) {
  udp_length_ = value;
  return *this;
}
Packet& Packet::tcp_header_words(std::uint8_t words) {
  tcp_header_words_ = words;
  return *this;
}
Packet& Packet::fragment_bits(std::uint16_t value) {
  fragment_bits_ = value;
  return *this;
}

std::uint8_t Packet::protocol_number() const {
  return layer4_ == Layer4::icmp && is_v6() ? kIcmpv6 : protocol_;
}

std::uint16_t Packet::transport_checksum(const Bytes& segment) const {
  const std::size_t size = address_bytes(version_);
  Bytes pseudo(src_.bytes.begin(), src_.bytes.begin() + static_cast<std::ptrdiff_t>(size));
  pseudo.insert(pseudo.end(), dst_.bytes.begin(), dst_.bytes.begin() + static_cast<std::ptrdiff_t>(size));
  add32(pseudo, segment.size());  // as IPv6 has it; for IPv4 the upper half adds nothing
  add32(pseudo, protocol_number());
  append(pseudo, segment);
  return internet_checksum(pseudo);
}

Bytes Packet::tcp_header() const {
  Bytes options = tcp_options_;
  while (options.size() % 4 != 0) options.push_back(1);
  Bytes out;
  add16(out, src_port_);
  add16(out, dst_port_);
  add32(out, seq_);
  add32(out, ack_);
  add8(out, tcp_header_words_.value_or(static_cast<std::uint8_t>(5 + options.size() / 4)) * 16u);
  add8(out, flags_);
  add16(out, window_);
  add32(out, 0);
  append(out, options);
  return out;
}

Bytes Packet::ip_payload() const {
  Bytes out;
  if (layer4_ == Layer4::tcp) out = tcp_header();
  if (layer4_ == Layer4::udp || layer4_ == Layer4::sctp) {
    add16(out, src_port_);
    add16(out, dst_port_);
  }
  if (layer4_ == Layer4::udp)
    add32(out, udp_length_.value_or(static_cast<std::uint16_t>(payload_.size() + 8)) << 16);
  if (layer4_ == Layer4::sctp) add64(out, 0xfeedbeef00000000);
  if (layer4_ == Layer4::icmp) {
    add8(out, icmp_type_);
    add8(out, icmp_code_);
    add16(out, 0);
    add32(out, 0x00010001);
  }
  append(out, payload_);
  if (layer4_ == Layer4::tcp) put16(out, 16, transport_checksum(out));
  if (layer4_ == Layer4::udp && udp_checksum_) put16(out, 6, transport_checksum(out));
  if (layer4_ == Layer4::icmp) put16(out, 2, is_v6() ? transport_checksum(out) : internet_checksum(out));
  if (layer4_ == Layer4::sctp) put32(out, 8, crc32c(out));
  return out;
}

Bytes Packet::ipv4_packet(const Bytes& body, std::optional<Slice> slice) const {
  const std::size_t header = 20 + ip_option_bytes_;
  const std::size_t bits = slice ? (slice->more ? 0x2000u : 0u) | slice->offset / 8 : 0;
  Bytes out;
  add8(out, ip_version_.value_or(4) * 16u + ip_header_words_.value_or(static_cast<std::uint8_t>(header / 4)));
  add8(out, tos_);
  add16(out, ip_length_.value_or(static_cast<std::uint16_t>(header + body.size())));
  add16(out, id_);
  add16(out, fragment_bits_.value_or(static_cast<std::uint16_t>(bits)));
  add8(out, ttl_);
  add8(out, protocol_number());
  add16(out, 0);
  out.insert(out.end(), src_.bytes.begin(), src_.bytes.begin() + 4);
  out.insert(out.end(), dst_.bytes.begin(), dst_.bytes.begin() + 4);
  out.resize(header, 1);
  put16(out, 10, internet_checksum(out));
  append(out, body);
  return out;
}

Bytes Packet::ipv6_packet(const Bytes& body, std::optional<Slice> slice) const {
  std::vector<Extension> chain = extensions_;
  if (slice) {
    Extension fragment{kFragment, {0, 0}};
    add16(fragment.bytes, slice->offset | (slice->more ? 1u : 0u));
    add32(fragment.bytes, id_);
    chain.push_back(fragment);
  }
  Bytes rest;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (!chain[i].bytes.empty())
      chain[i].bytes[0] = i + 1 < chain.size() ? chain[i + 1].type : protocol_number();
    append(rest, chain[i].bytes);
  }
  append(rest, body);
  Bytes out;
  add32(out, ip_version_.value_or(6) * 0x10000000u + tos_ * 0x100000u);
  add16(out, ip_length_.value_or(static_cast<std::uint16_t>(rest.size())));
  add8(out, chain.empty() ? protocol_number() : chain[0].type);
  add8(out, ttl_);
  append(out, src_.bytes);
  append(out, dst_.bytes);
  append(out, rest);
  return out;
}

Bytes Packet::ip_packet(const Bytes& body, std::optional<Slice> slice) const {
  if (version_ == IpVersion::none) return body;
  return is_v6() ? ipv6_packet(body, slice) : ipv4_packet(body, slice);
}

Bytes Packet::link_header() const {
  Bytes out{0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1};
  for (const Vlan& tag : vlans_) {
    add16(out, tag.type);
    add16(out, tag.id);
  }
  const std::uint16_t none = 0x88b5;  // IEEE 802.1: local experimental
  const std::uint16_t by_version = version_ == IpVersion::none ? none : is_v6() ? 0x86dd : 0x0800;
  add16(out, ether_type_.value_or(by_version));
  return out;
}

Bytes Packet::frame(Bytes packet) const {
  Bytes out = link_header();
  append(out, packet);
  if (out.size() < pad_to_) out.resize(pad_to_, 0xee);
  return out;
}

Bytes Packet::ip_bytes() const {
  return ip_packet(ip_payload(), std::nullopt);
}
Bytes Packet::bytes() const {
  return frame(ip_bytes());
}
std::size_t Packet::l3_offset() const {
  return link_header().size();
}
std::size_t Packet::l4_offset() const {
  return l3_offset() + ip_packet({}, std::nullopt).size();
}

Bytes Packet::fragment(std::size_t offset, std::size_t length) const {
  const Bytes whole = ip_payload();
  const std::size_t from = std::min(offset, whole.size());
  const std::size_t to = std::min(offset + length, whole.size());
  const Bytes body(whole.begin() + static_cast<std::ptrdiff_t>(from),
                   whole.begin() + static_cast<std::ptrdiff_t>(to));
  return frame(ip_packet(body, Slice{offset, to < whole.size()}));
}

std::vector<Bytes> Packet::fragments(std::size_t length) const {
  std::vector<Bytes> out;
  const std::size_t size = ip_payload().size();
  for (std::size_t offset = 0; offset < size; offset += length) out.push_back(fragment(offset, length));
  return out;
}

}  // namespace mirrorscan::support
