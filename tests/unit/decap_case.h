#pragma once
// One decapsulation: frame in, everything that comes out of it.

#include <vector>

#include "decap/decap.h"
#include "support/mbufs.h"
#include "support/mirror.h"

namespace mirrorscan::decap_test {

struct Outcome {
  ledger::PacketEnd end;
  packet::Tunnel tunnel;
  decap::Observed observed;
  support::Bytes bytes;
};

inline Outcome decapsulate(const support::Bytes& frame, const std::vector<std::size_t>& segments = {},
                           const decap::Settings& settings = {}) {
  support::MbufChain chain(frame, segments);
  Outcome out{};
  out.end = decap::decapsulate(*chain, settings, out.tunnel, out.observed);
  out.bytes = chain.bytes();
  return out;
}

inline support::Bytes inner_frame() {
  return support::Packet()
      .ip("10.0.0.1", "10.0.0.2")
      .tcp(40'000, 80)
      .payload("GET / HTTP/1.1\r\n\r\n")
      .bytes();
}

}  // namespace mirrorscan::decap_test
