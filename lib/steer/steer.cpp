#include "steer/steer.h"

#include "base/mix.h"

namespace mirrorscan::steer {
namespace {

/// What decides about a packet's owner, by direction of the packet.
struct Ends {
  const IpAddress& src;
  const IpAddress& dst;
  std::uint16_t src_port, dst_port;
  std::uint8_t protocol;
};

[[nodiscard]] Ends ends_of(const packet::Meta& meta) noexcept {
  if (meta.fragment && !meta.reassembled) return {meta.src, meta.dst, 0, 0, 0};
  const packet::Quoted& q = meta.quoted;
  if (meta.quotes) return {q.src, q.dst, q.src_port, q.dst_port, q.protocol};
  return {meta.src, meta.dst, meta.src_port, meta.dst_port, meta.protocol};
}

}  // namespace

std::uint64_t flow_hash(const packet::Meta& meta, std::uint64_t seed) noexcept {
  const Ends e = ends_of(meta);
  // Both ends are mixed alike and then added: the same for both directions. The sum is mixed once more, since
  // adding alone would let the protocol cancel out.
  const std::uint64_t start = mix(seed, e.protocol);
  const std::uint64_t both =
      mix(mix(start, e.src), std::uint64_t{e.src_port}) + mix(mix(start, e.dst), std::uint64_t{e.dst_port});
  return mix(start, both);
}

std::uint32_t host_owner(std::uint32_t tenant, const IpAddress& address, std::uint32_t workers) noexcept {
  return owner(mix(mix(tenant, address), std::uint64_t{0}), workers);
}

}  // namespace mirrorscan::steer
