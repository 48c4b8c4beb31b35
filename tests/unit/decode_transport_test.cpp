#include "decode_case.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::decode_test;
using ledger::PacketEnd;
using packet::Tcp;
using packet::Transport;
using support::Bytes;
using support::Packet;

TEST_CASE("TCP is described field by field") {
  const Bytes frame =
      v4().tcp(40'000, 443).seq(0xfffffff0).ack(17).flags(0xd2).window(512).payload("data").bytes();
  const Outcome out = decoded(frame);
  CHECK(out.end == PacketEnd::none);
  CHECK(out.meta.transport == Transport::tcp);
  CHECK(out.meta.protocol == 6);
  CHECK(out.meta.src_port == 40'000);
  CHECK(out.meta.dst_port == 443);
  CHECK(out.meta.tcp.seq == 0xfffffff0);
  CHECK(out.meta.tcp.ack == 17);
  CHECK(out.meta.tcp.flags == 0xd2);
  CHECK(out.meta.tcp.window == 512);
  CHECK(out.meta.tcp.window_scale == Tcp::kNoWindowScale);
  CHECK(out.meta.tcp.mss == 0);
  CHECK_FALSE(out.meta.tcp.fast_open);
  CHECK(payload_of(frame, out.meta) == "data");
}

TEST_CASE("TCP options that matter are read") {
  const Outcome out =
      decoded(v4().tcp(1, 2).tcp_option(2, {0x05, 0xb4}).tcp_option(8, Bytes(8)).tcp_option(3, {7}));
  CHECK(out.meta.tcp.mss == 1'460);
  CHECK(out.meta.tcp.window_scale == 7);
  CHECK_FALSE(out.meta.tcp.fast_open);
}

TEST_CASE("TCP Fast Open is known by its kind and by its experiment") {
  CHECK(decoded(v4().tcp(1, 2).tcp_option(34, {})).meta.tcp.fast_open);
  CHECK(decoded(v4().tcp(1, 2).tcp_option(34, Bytes(8))).meta.tcp.fast_open);
  CHECK(decoded(v4().tcp(1, 2).tcp_option(254, {0xf9, 0x89})).meta.tcp.fast_open);
  CHECK(decoded(v4().tcp(1, 2).tcp_option(254, {0xf9, 0x89, 1, 2})).meta.tcp.fast_open);
  CHECK_FALSE(decoded(v4().tcp(1, 2).tcp_option(254, {0xf9, 0x88})).meta.tcp.fast_open);
  CHECK_FALSE(decoded(v4().tcp(1, 2).tcp_option(254, {0xf9})).meta.tcp.fast_open);
}

TEST_CASE("malformed TCP options end the options, not the packet") {
  const Outcome out = decoded(v4().tcp(1, 2).raw_tcp_options({2, 4, 5, 0xb4, 3, 0, 7, 1}).payload("on"));
  CHECK(out.end == PacketEnd::none);
  CHECK(out.meta.tcp.mss == 1'460);
  CHECK(out.meta.tcp.window_scale == Tcp::kNoWindowScale);
  CHECK(out.meta.payload_captured == 2);
  CHECK(decoded(v4().tcp(1, 2).raw_tcp_options({2, 3, 5, 0})).meta.tcp.mss == 0);  // an MSS of the wrong size
}

TEST_CASE("a TCP header that contradicts the IP length is refused") {
  CHECK(decoded(v4().tcp(1, 2).tcp_header_words(4)).end == PacketEnd::inner_bad_transport_header);
  CHECK(decoded(v4().tcp(1, 2).tcp_header_words(6)).end == PacketEnd::inner_bad_transport_header);
  CHECK(decoded(v4().tcp(1, 2).ip_length(39)).end == PacketEnd::inner_bad_transport_header);
  CHECK(decoded(v4().tcp(1, 2).tcp_header_words(6).payload("four")).meta.payload_captured == 0);
}

TEST_CASE("UDP payload ends where the UDP length says") {
  const Bytes frame = v4().udp(53, 54).payload("0123456789").udp_length(12).bytes();
  const Outcome out = decoded(frame);
  CHECK(out.meta.transport == Transport::udp);
  CHECK(out.meta.src_port == 53);
  CHECK(out.meta.dst_port == 54);
  CHECK(payload_of(frame, out.meta) == "0123");
  CHECK(out.meta.payload_stated == 4);
}

TEST_CASE("a UDP length below its header or beyond the IP length is refused") {
  const auto end_with = [](std::uint16_t length) {
    return decoded(v4().udp(1, 2).payload("0123").udp_length(length)).end;
  };
  CHECK(end_with(0) == PacketEnd::inner_bad_transport_header);
  CHECK(end_with(7) == PacketEnd::inner_bad_transport_header);
  CHECK(end_with(8) == PacketEnd::none);
  CHECK(end_with(12) == PacketEnd::none);
  CHECK(end_with(13) == PacketEnd::inner_bad_transport_header);
  CHECK(decoded(v6().udp(1, 2).ip_length(7)).end == PacketEnd::inner_bad_transport_header);
}

TEST_CASE("a truncated UDP datagram states what is missing") {
  Bytes frame = v4().udp(1, 2).payload("0123456789").bytes();
  frame.resize(frame.size() - 4);
  const Outcome out = decoded(frame);
  CHECK(out.meta.truncated);
  CHECK(out.meta.payload_stated == 10);
  CHECK(out.meta.payload_captured == 6);
  frame.resize(34 + 7);
  const Outcome header_cut = decoded(frame);
  CHECK(header_cut.end == PacketEnd::none);
  CHECK(header_cut.meta.transport == Transport::none);
  CHECK(header_cut.meta.payload_stated == 18);
  CHECK(header_cut.meta.payload_captured == 0);
}

TEST_CASE("ICMP and ICMPv6 tell type and code, and their payload follows 8 bytes") {
  const Bytes v4_frame = v4().icmp(3, 13).payload("quoted").bytes();
  const Outcome echo = decoded(v4_frame);
  CHECK(echo.meta.transport == Transport::icmp);
  CHECK(echo.meta.icmp_type == 3);
  CHECK(echo.meta.icmp_code == 13);
  CHECK(payload_of(v4_frame, echo.meta) == "quoted");
  const Bytes v6_frame = v6().icmp(128, 1).payload("ping").bytes();
  const Outcome ping = decoded(v6_frame);
  CHECK(ping.meta.transport == Transport::icmpv6);
  CHECK(ping.meta.protocol == 58);
  CHECK(ping.meta.icmp_type == 128);
  CHECK(ping.meta.icmp_code == 1);
  CHECK(payload_of(v6_frame, ping.meta) == "ping");
  CHECK(ping.meta.src_port == 0);
}

TEST_CASE("an ICMP message that the IP length cuts short is refused") {
  CHECK(decoded(v4().icmp(8, 0).ip_length(27)).end == PacketEnd::inner_bad_transport_header);
  CHECK(decoded(v6().icmp(128, 0).ip_length(7)).end == PacketEnd::inner_bad_transport_header);
}

TEST_CASE("ICMP in IPv6 and ICMPv6 in IPv4 are other protocols") {
  CHECK(decoded(v6().protocol(1).payload(Bytes(8))).meta.transport == Transport::other);
  CHECK(decoded(v4().protocol(58).payload(Bytes(8))).meta.transport == Transport::other);
}

TEST_CASE("SCTP tells its ports, and its chunks are the payload") {
  const Bytes frame = v4().sctp(5, 6).payload("chunks").bytes();
  const Outcome out = decoded(frame);
  CHECK(out.meta.transport == Transport::sctp);
  CHECK(out.meta.src_port == 5);
  CHECK(out.meta.dst_port == 6);
  CHECK(payload_of(frame, out.meta) == "chunks");
  CHECK(decoded(v4().sctp(5, 6).ip_length(31)).end == PacketEnd::inner_bad_transport_header);
}

TEST_CASE("any other protocol's payload is all that follows the IP headers") {
  for (const std::uint8_t protocol : std::initializer_list<std::uint8_t>{47, 50, 59, 4, 41, 255}) {
    const Bytes frame = v6().protocol(protocol).payload("opaque").bytes();
    const Outcome out = decoded(frame);
    CHECK(out.end == PacketEnd::none);
    CHECK(out.meta.transport == Transport::other);
    CHECK(out.meta.protocol == protocol);
    CHECK(out.meta.src_port == 0);
    CHECK(payload_of(frame, out.meta) == "opaque");
  }
}

TEST_CASE("every transport header cut at any byte leaves no transport") {
  const std::vector<std::pair<Packet, std::size_t>> cases{{v4().tcp(1, 2), 20},
                                                          {v4().udp(1, 2), 8},
                                                          {v4().icmp(8, 0), 8},
                                                          {v6().icmp(128, 0), 8},
                                                          {v6().sctp(1, 2), 12}};
  for (const auto& [packet, header] : cases) {
    const Bytes frame = Packet(packet).payload("body").bytes();
    for (std::size_t length = 0; length < header; ++length) {
      const auto end = static_cast<std::ptrdiff_t>(packet.l4_offset() + length);
      const Outcome out = decoded(Bytes(frame.begin(), frame.begin() + end));
      CHECK(out.end == PacketEnd::none);
      CHECK(out.meta.transport == Transport::none);
      CHECK(out.meta.payload_stated == header + 4);
      CHECK(out.meta.payload_captured == 0);
      CHECK(out.meta.src_port == 0);
    }
  }
}
