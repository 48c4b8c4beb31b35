// Inner decoding: the same answer for any segmentation, and a payload that lies within the packet.

#include <cstdlib>

#include "decode/decode.h"
#include "segmented_input.h"
#include "support/mbufs.h"

using namespace mirrorscan;

namespace {

void check(ledger::PacketEnd end, const packet::Meta& meta, std::size_t size) {
  if (end != ledger::PacketEnd::none) return;
  if (meta.version == IpVersion::none || meta.l3_offset >= meta.l4_offset) std::abort();
  if (meta.l4_offset > meta.payload_offset || meta.payload_captured > meta.payload_stated) std::abort();
  if (std::uint64_t{meta.payload_offset} + meta.payload_captured > size) std::abort();
  if (meta.payload_captured < meta.payload_stated && !meta.truncated) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::SegmentedInput input({data, size});
  if (input.frame.size() > 65'535) return 0;
  support::MbufChain whole(input.frame), split(input.frame, input.sizes);
  packet::Meta meta, split_meta;
  const ledger::PacketEnd end = decode::decode(*whole, meta);
  if (end != decode::decode(*split, split_meta)) std::abort();
  if (meta.payload_offset != split_meta.payload_offset ||
      meta.payload_captured != split_meta.payload_captured || meta.transport != split_meta.transport ||
      meta.tcp.seq != split_meta.tcp.seq || meta.src != split_meta.src)
    std::abort();
  check(end, meta, input.frame.size());
  if (end != ledger::PacketEnd::none) return 0;

  packet::Meta again = meta;
  if (decode::decode_ip(*split, meta.l3_offset, again) != end) std::abort();
  if (again.payload_offset != meta.payload_offset || again.vlans != meta.vlans) std::abort();
  return 0;
}
