// Re-addressing: bounds, lengths and everything but addresses and checksums unharmed; the way back from a
// copy is the way there.

#include <cstdlib>
#include <vector>

#include "support/wire_bytes.h"
#include "traffic/frame_parts.h"
#include "traffic/hosts.h"
#include "traffic/readdress.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void check_parts(ByteView frame, const FrameParts& parts) {
  if (parts.version == IpVersion::none) return;
  must(parts.l3 < parts.l4 && parts.l4 <= parts.end && parts.end <= frame.size());
  const ByteView payload = payload_of(frame, parts);
  if (payload.empty()) return;
  must(payload.data() >= frame.data() + parts.l4);
  must(payload.data() + payload.size() <= frame.data() + parts.end);
}

void add_hosts(ByteView frame, const FrameParts& parts, Hosts& hosts) {
  if (parts.version == IpVersion::none) return;
  const FrameAddresses addresses = addresses_of(frame, parts);
  hosts.add(parts.version, addresses.src);
  hosts.add(parts.version, addresses.dst);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 65'535) return 0;
  // A buffer of exactly this size, so that a byte read beyond it is caught.
  const std::vector<std::uint8_t> before(data, data + size);
  const FrameParts parts = parts_of(before);
  const FrameParts quoted = quoted_parts(before, parts);
  check_parts(before, parts);
  check_parts(before, quoted);
  Hosts hosts;
  add_hosts(before, parts, hosts);
  add_hosts(before, quoted, hosts);
  must(hosts.make_room(4).ok());

  std::vector<std::uint8_t> after = before;
  readdress(after, hosts, 3);
  if (parts.version == IpVersion::none) {
    must(after == before);
    return 0;
  }
  // An address may be written over what the parser reads only where a packet quotes itself, which none can.
  const FrameParts moved = parts_of(after);
  must(moved.version == parts.version && moved.protocol == parts.protocol && moved.l4 == parts.l4 &&
       moved.end == parts.end);
  const FrameAddresses was = addresses_of(before, parts), is = addresses_of(after, moved);
  must(is.src == hosts.of_copy(parts.version, was.src, 3));
  must(is.dst == hosts.of_copy(parts.version, was.dst, 3));
  must(is.src_port == was.src_port && is.dst_port == was.dst_port);
  return 0;
}
