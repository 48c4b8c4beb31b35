#pragma once
// One decoding: frame in, end and Meta out. Meta starts full of stale values, as in a recycled mbuf.

#include <cstring>
#include <string>
#include <vector>

#include "decode/decode.h"
#include "support/mbufs.h"
#include "support/packet_builder.h"

namespace mirrorscan::decode_test {

struct Outcome {
  ledger::PacketEnd end;
  packet::Meta meta;
};

inline packet::Meta stale_meta() {
  packet::Meta meta;
  std::memset(static_cast<void*>(&meta), 0x01, sizeof meta);  // 1 is valid for every bool and enum
  meta.tunnel = {};
  return meta;
}

inline Outcome decoded(const support::Bytes& frame, const std::vector<std::size_t>& segments = {},
                       const packet::Tunnel& tunnel = {}) {
  support::MbufChain chain(frame, segments);
  Outcome out{ledger::PacketEnd::none, stale_meta()};
  out.meta.tunnel = tunnel;
  out.end = decode::decode(*chain, out.meta);
  return out;
}

inline Outcome decoded(const support::Packet& packet) {
  return decoded(packet.bytes());
}

/// The payload that `meta` points at.
inline std::string payload_of(const support::Bytes& frame, const packet::Meta& meta) {
  return std::string(as_text(ByteView(frame).subspan(meta.payload_offset, meta.payload_captured)));
}

inline support::Packet v4() {
  return support::Packet().ip("10.0.0.1", "10.0.0.2");
}
inline support::Packet v6() {
  return support::Packet().ip("2001:db8::1", "2001:db8::2");
}

}  // namespace mirrorscan::decode_test
