#pragma once
// Packets for tests, said in the field's words instead of hex blobs:
//
//   Packet().ip("10.0.0.1", "10.0.0.2").tcp(40000, 80).seq(1).flags(kSyn).payload("GET /").bytes()
//
// Lengths and checksums come out right; the setters below "Lies" make single ones wrong.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "support/wire_bytes.h"

namespace mirrorscan::support {

inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10, kUrg = 0x20;

/// One Ethernet frame: fields are set in any order, bytes() puts them together. Without ip() the payload
/// follows the Ethernet header; without a transport the payload follows the IP headers.
class Packet {
 public:
  // Link.
  Packet& vlan(std::uint16_t id, std::uint16_t type = 0x8100);  ///< outermost first
  Packet& ether_type(std::uint16_t type);
  Packet& pad_to(std::size_t frame_bytes);  ///< Ethernet padding behind the IP packet

  // Network. IPv4 or IPv6 by the form of the addresses.
  Packet& ip(std::string_view src, std::string_view dst);
  Packet& ttl(std::uint8_t value);
  Packet& tos(std::uint8_t value);
  Packet& id(std::uint32_t value);        ///< IPv4 identification, IPv6 fragment identification
  Packet& ip_options(std::size_t bytes);  ///< IPv4: no-operation options, a multiple of 4
  // IPv6 extension headers, in the order of the calls; sizes are multiples of 8.
  Packet& hop_by_hop(std::size_t bytes = 8);
  Packet& routing(std::size_t bytes = 8);
  Packet& destination_options(std::size_t bytes = 8);
  Packet& authentication(std::size_t bytes = 16);
  Packet& atomic_fragment();  ///< RFC 6946
  /// Any extension header: `next` of the header before it is `type`, its own next header follows in byte 0.
  Packet& extension(std::uint8_t type, Bytes bytes);
  Packet& protocol(std::uint8_t number);  ///< no transport header of ours; the payload follows

  // Transport.
  Packet& tcp(std::uint16_t src_port, std::uint16_t dst_port);
  Packet& udp(std::uint16_t src_port, std::uint16_t dst_port);
  Packet& icmp(std::uint8_t type, std::uint8_t code);  ///< ICMPv6 in IPv6
  Packet& sctp(std::uint16_t src_port, std::uint16_t dst_port);
  Packet& seq(std::uint32_t value);
  Packet& ack(std::uint32_t value);  ///< does not set the flag
  Packet& flags(std::uint8_t value);
  Packet& window(std::uint16_t value);
  Packet& tcp_option(std::uint8_t kind, Bytes data);  ///< padded with no-operations at the end
  Packet& raw_tcp_options(Bytes bytes);
  Packet& no_udp_checksum();

  Packet& payload(std::string_view text);
  Packet& payload(Bytes bytes);

  // Lies.
  Packet& ip_version(std::uint8_t nibble);
  Packet& ip_header_words(std::uint8_t words);  ///< IPv4 IHL
  Packet& ip_length(std::uint16_t value);       ///< IPv4 total length, IPv6 payload length
  Packet& udp_length(std::uint16_t value);
  Packet& tcp_header_words(std::uint8_t words);
  Packet& fragment_bits(std::uint16_t value);  ///< the IPv4 flags and offset field as it stands

  [[nodiscard]] Bytes bytes() const;
  /// From the IP header on.
  [[nodiscard]] Bytes ip_bytes() const;
  /// Offset of the IP header, and of the transport header, in bytes().
  [[nodiscard]] std::size_t l3_offset() const;
  [[nodiscard]] std::size_t l4_offset() const;

  /// A frame with the bytes [offset, offset + length) of the IP payload; "more fragments" unless they reach
  /// its end.
  [[nodiscard]] Bytes fragment(std::size_t offset, std::size_t length) const;
  /// All fragments of at most `length` bytes (a multiple of 8) of IP payload, in order.
  [[nodiscard]] std::vector<Bytes> fragments(std::size_t length) const;
  /// Transport header and payload: what fragments are pieces of.
  [[nodiscard]] Bytes ip_payload() const;

 private:
  struct Vlan {
    std::uint16_t id, type;
  };
  struct Extension {
    std::uint8_t type;
    Bytes bytes;
  };
  enum class Layer4 : std::uint8_t { none, tcp, udp, icmp, sctp };
  struct Slice {
    std::size_t offset;
    bool more;
  };

  [[nodiscard]] bool is_v6() const { return version_ == IpVersion::v6; }
  [[nodiscard]] std::uint8_t protocol_number() const;
  Packet& padded_extension(std::uint8_t type, std::size_t bytes, std::uint8_t length);
  Packet& layer4(Layer4 kind, std::uint8_t protocol, std::uint16_t src_port, std::uint16_t dst_port);
  [[nodiscard]] Bytes link_header() const;
  [[nodiscard]] Bytes ipv4_packet(const Bytes& body, std::optional<Slice> slice) const;
  [[nodiscard]] Bytes ipv6_packet(const Bytes& body, std::optional<Slice> slice) const;
  [[nodiscard]] Bytes ip_packet(const Bytes& body, std::optional<Slice> slice) const;
  [[nodiscard]] Bytes frame(Bytes packet) const;
  [[nodiscard]] Bytes tcp_header() const;
  [[nodiscard]] std::uint16_t transport_checksum(const Bytes& segment) const;

  std::vector<Vlan> vlans_;
  std::optional<std::uint16_t> ether_type_;
  std::size_t pad_to_ = 0;
  IpVersion version_ = IpVersion::none;
  IpAddress src_, dst_;
  std::uint8_t ttl_ = 64, tos_ = 0, protocol_ = 253;
  std::uint32_t id_ = 1;
  std::size_t ip_option_bytes_ = 0;
  std::vector<Extension> extensions_;
  Layer4 layer4_ = Layer4::none;
  std::uint16_t src_port_ = 0, dst_port_ = 0, window_ = 65'535;
  std::uint32_t seq_ = 0, ack_ = 0;
  std::uint8_t flags_ = kAck, icmp_type_ = 0, icmp_code_ = 0;
  bool udp_checksum_ = true;
  Bytes tcp_options_, payload_;
  std::optional<std::uint16_t> ip_length_, udp_length_, fragment_bits_;
  std::optional<std::uint8_t> ip_version_, ip_header_words_, tcp_header_words_;
};

}  // namespace mirrorscan::support
