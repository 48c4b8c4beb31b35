// Decapsulation: the same answer for any segmentation, and never more bytes than came in.

#include <cstdlib>

#include "decap/decap.h"
#include "segmented_input.h"
#include "support/mbufs.h"

using namespace mirrorscan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::SegmentedInput input({data, size});
  if (input.frame.size() > 65'535) return 0;
  support::MbufChain whole(input.frame), split(input.frame, input.sizes);
  // Chains are met that promise more segments and bytes than they have.
  split->nb_segs = static_cast<std::uint16_t>(split->nb_segs + size % 3);
  split->pkt_len += static_cast<std::uint32_t>(size % 5);

  packet::Tunnel tunnel, split_tunnel;
  decap::Observed observed, split_observed;
  const ledger::PacketEnd end = decap::decapsulate(*whole, {}, tunnel, observed);
  const ledger::PacketEnd split_end = decap::decapsulate(*split, {}, split_tunnel, split_observed);
  if (end != split_end || end >= ledger::PacketEnd::inner_truncated) std::abort();
  if (tunnel.vni != split_tunnel.vni || tunnel.src != split_tunnel.src) std::abort();
  if (whole.bytes() != split.bytes() || whole.bytes().size() > input.frame.size()) std::abort();
  if (whole->pkt_len != whole.bytes().size() || split->pkt_len != split.bytes().size()) std::abort();
  return 0;
}
