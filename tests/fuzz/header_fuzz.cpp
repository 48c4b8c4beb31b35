// Conditions on packet fields and header buffers over whatever decode lets through: they stay within the
// packet, and a condition and its opposite never both hold.

#include <array>
#include <cstdlib>
#include <utility>

#include "decode/decode.h"
#include "keywords/checksum.h"
#include "keywords/header_bytes.h"
#include "segmented_input.h"
#include "support/draft.h"
#include "support/mbufs.h"

using namespace mirrorscan;

namespace {

constexpr std::array<std::pair<const char*, const char*>, 34> kConditions{{{"ttl", "64"},
                                                                           {"ttl", "!64"},
                                                                           {"tos", "8"},
                                                                           {"tos", "!8"},
                                                                           {"id", "1"},
                                                                           {"ipopts", "rr"},
                                                                           {"ipopts", "esec"},
                                                                           {"ipopts", "eol"},
                                                                           {"fragbits", "+M"},
                                                                           {"fragbits", "!D"},
                                                                           {"fragoffset", "0"},
                                                                           {"fragoffset", ">0"},
                                                                           {"flags", "S"},
                                                                           {"flags", "!A,12"},
                                                                           {"seq", "1"},
                                                                           {"ack", "0"},
                                                                           {"window", "!9"},
                                                                           {"tcp.mss", ">0"},
                                                                           {"tcp.wscale", ">0"},
                                                                           {"icmp_id", "1"},
                                                                           {"icmp_seq", "1"},
                                                                           {"icmpv6.mtu", ">0"},
                                                                           {"sameip", ""},
                                                                           {"stream_size", "both,>,1"},
                                                                           {"ipv4-csum", "valid"},
                                                                           {"ipv4-csum", "invalid"},
                                                                           {"tcpv4-csum", "valid"},
                                                                           {"tcpv4-csum", "invalid"},
                                                                           {"tcpv6-csum", "valid"},
                                                                           {"tcpv6-csum", "invalid"},
                                                                           {"udpv4-csum", "valid"},
                                                                           {"udpv6-csum", "invalid"},
                                                                           {"icmpv4-csum", "valid"},
                                                                           {"icmpv6-csum", "invalid"}}};

keywords::Draft draft_of_all() {
  keywords::Draft draft;
  for (const auto& [name, text] : kConditions)
    if (!testing::read({{name, text}}, draft).empty()) std::abort();
  return draft;
}

void look_at(const signature::PacketView& packet) {
  using signature::Buffer;
  for (const Buffer buffer : {Buffer::ipv4_header, Buffer::ipv6_header, Buffer::tcp_header,
                              Buffer::udp_header, Buffer::icmpv4_header, Buffer::icmpv6_header}) {
    const ByteView bytes = keywords::header_bytes(buffer, packet);
    if (bytes.empty()) continue;
    if (bytes.data() < packet.l3.data()) std::abort();
    if (bytes.data() + bytes.size() > packet.l3.data() + packet.l3.size()) std::abort();
  }
  static const keywords::Draft draft = draft_of_all();
  std::array<bool, kConditions.size()> held{};
  for (std::size_t i = 0; i < kConditions.size(); ++i) held[i] = draft.rule.packet[i]->match(packet);
  if ((held[0] && held[1]) || (held[2] && held[3]) || (held[24] && held[25]) || (held[26] && held[27]))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::SegmentedInput input({data, size});
  if (input.frame.size() > 65'535) return 0;
  support::MbufChain chain(input.frame);
  packet::Meta meta;
  (void)decode::decode(*chain, meta);
  const std::size_t end =
      std::min<std::size_t>(meta.payload_offset + meta.payload_captured, input.frame.size());
  const signature::StreamSizes sizes{1, 2};
  const bool there = meta.l3_offset < end;
  look_at({meta, there ? ByteView(input.frame).subspan(meta.l3_offset, end - meta.l3_offset) : ByteView{},
           meta.payload_stated, &sizes});
  // The least that a caller may have: nothing in one piece.
  look_at({meta, {}, meta.payload_stated});
  return 0;
}
