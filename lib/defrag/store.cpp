#include "defrag/store.h"

#include <algorithm>
#include <cstring>

#include "packet/access.h"

namespace mirrorscan::defrag {
namespace {

using ledger::PacketEnd;
using ledger::PayloadEnd;

/// The budget counts chunks and, for each of them, two fragment records: enough for fragments of 512 bytes.
constexpr std::uint64_t kBytesPerChunk = sizeof(Chunk) + 2 * sizeof(HeldFragment);

std::uint32_t chunks_for(std::uint64_t max_bytes) noexcept {
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(max_bytes / kBytesPerChunk, kChunksInDatagram, kNone / 4));
}

std::uint32_t unit_of(std::uint32_t offset) noexcept {
  return offset / kUnit;
}
/// The unit after the last one; a datagram's last unit may be short.
std::uint32_t unit_after(Extent extent) noexcept {
  return (extent.end + kUnit - 1) / kUnit;
}
std::uint32_t bytes_in(Extent extent, std::uint32_t unit) noexcept {
  return std::min(extent.end - unit * kUnit, kUnit);
}

PayloadEnd payload_end_of(PacketEnd end) noexcept {
  switch (end) {
    case PacketEnd::fragment_timeout: return PayloadEnd::fragment_timeout;
    case PacketEnd::fragment_evicted: return PayloadEnd::fragment_evicted;
    case PacketEnd::datagram_no_mbuf: return PayloadEnd::no_mbuf;
    default: return PayloadEnd::fragment_bad;
  }
}

}  // namespace

Store::Store(std::uint64_t max_bytes, OverlapPolicies policies)
    : policies_(policies),
      chunks_(chunks_for(max_bytes)),
      fragments_(std::max(kFragmentsInDatagram, 2 * chunks_for(max_bytes))) {}

bool Store::brings(const Datagram& datagram, Extent extent, std::uint32_t unit) noexcept {
  const std::uint32_t chunk = datagram.chunks[unit / kUnitsInChunk];
  if (chunk == kNone) return true;
  const std::uint32_t owner = chunks_[chunk].owner[unit % kUnitsInChunk];
  return owner == kNone ||
         keeper_of(policies_.of(datagram.key.version), fragments_[owner].extent, extent) == Keeper::later;
}

std::uint32_t Store::gain(const Datagram& datagram, Extent extent) noexcept {
  std::uint32_t bytes = 0;
  for (std::uint32_t unit = unit_of(extent.begin); unit < unit_after(extent); ++unit)
    if (brings(datagram, extent, unit)) bytes += bytes_in(extent, unit);
  return bytes;
}

bool Store::differs(const Datagram& datagram, Extent extent, const rte_mbuf& mbuf,
                    const packet::Meta& meta) noexcept {
  std::array<std::uint8_t, kUnit> bytes;
  for (std::uint32_t unit = unit_of(extent.begin); unit < unit_after(extent); ++unit) {
    const std::uint32_t index = datagram.chunks[unit / kUnitsInChunk];
    if (index == kNone) {
      unit |= kUnitsInChunk - 1;  // nothing there in the whole chunk
      continue;
    }
    const Chunk& chunk = chunks_[index];
    const std::uint32_t owner = chunk.owner[unit % kUnitsInChunk];
    if (owner == kNone) continue;
    const std::uint32_t begin = unit * kUnit;
    const std::uint32_t there = std::min(extent.end, fragments_[owner].extent.end) - begin;
    const std::uint32_t length = std::min(there, kUnit);
    packet::copy_out(mbuf, meta.payload_offset + begin - extent.begin, length, bytes.data());
    if (std::memcmp(bytes.data(), &chunk.bytes[begin % kChunkBytes], length) != 0) return true;
  }
  return false;
}

bool Store::room(const Datagram& datagram, Extent extent) const noexcept {
  std::uint32_t missing = 0;
  for (std::uint32_t i = extent.begin / kChunkBytes; i * kChunkBytes < extent.end; ++i)
    if (datagram.chunks[i] == kNone) ++missing;
  return fragments_.available() > 0 && chunks_.available() >= missing;
}

/// Makes the fragment the owner of the unit.
void Store::claim(Datagram& datagram, std::uint32_t fragment, std::uint32_t unit) noexcept {
  std::uint32_t& chunk = datagram.chunks[unit / kUnitsInChunk];
  if (chunk == kNone) {
    chunk = chunks_.take();
    chunks_[chunk].owner.fill(kNone);
  }
  const Extent extent = fragments_[fragment].extent;
  std::uint32_t& owner = chunks_[chunk].owner[unit % kUnitsInChunk];
  if (owner == kNone)
    datagram.there += bytes_in(extent, unit);
  else
    fragments_[owner].overlap += bytes_in(extent, unit);
  owner = fragment;
}

void Store::hold(Datagram& datagram, Extent extent, const rte_mbuf& mbuf, const packet::Meta& meta) noexcept {
  const std::uint32_t index = fragments_.take();
  HeldFragment& fragment = fragments_[index];
  fragment = {kNone, meta.ledger_slot, meta.wire_bytes, extent, 0, PacketEnd::none};
  const std::uint32_t stop = unit_after(extent);
  for (std::uint32_t unit = unit_of(extent.begin); unit < stop;) {
    if (!brings(datagram, extent, unit)) {
      fragment.overlap += bytes_in(extent, unit++);
      continue;
    }
    // One copy for each run of units that this fragment brings to one chunk.
    const std::uint32_t first = unit;
    const std::uint32_t chunk_stop = std::min(stop, (unit / kUnitsInChunk + 1) * kUnitsInChunk);
    while (unit < chunk_stop && brings(datagram, extent, unit)) claim(datagram, index, unit++);
    const std::uint32_t begin = first * kUnit;
    const std::uint32_t length = std::min(unit * kUnit, extent.end) - begin;
    Chunk& chunk = chunks_[datagram.chunks[first / kUnitsInChunk]];
    packet::copy_out(mbuf, meta.payload_offset + begin - extent.begin, length,
                     &chunk.bytes[begin % kChunkBytes]);
  }
  datagram.reach = std::max(datagram.reach, extent.end);
  (datagram.last_fragment == kNone ? datagram.first_fragment : fragments_[datagram.last_fragment].next) =
      index;
  datagram.last_fragment = index;
  held_ += {1, fragment.wire_bytes};
  held_payload_ += extent.end - extent.begin;
}

bool Store::append_payload(const Datagram& datagram, rte_mbuf& mbuf, rte_mempool& pool) noexcept {
  for (std::uint32_t begin = 0; begin < datagram.end; begin += kChunkBytes) {
    const Chunk& chunk = chunks_[datagram.chunks[begin / kChunkBytes]];
    const std::uint32_t length = std::min(datagram.end - begin, kChunkBytes);
    if (!packet::append(mbuf, pool, ByteView(chunk.bytes.data(), length))) return false;
  }
  return true;
}

void Store::release(Datagram& datagram, PacketEnd end) noexcept {
  for (const std::uint32_t chunk : datagram.chunks)
    if (chunk != kNone) chunks_.give(chunk);
  datagram.chunks.fill(kNone);
  if (datagram.first_fragment == kNone) return;
  fragments_[datagram.first_fragment].end = end;
  (last_released_ == kNone ? first_released_ : fragments_[last_released_].next) = datagram.first_fragment;
  last_released_ = datagram.last_fragment;
  datagram.first_fragment = datagram.last_fragment = kNone;
}

bool Store::next_released(Released& out) noexcept {
  if (first_released_ == kNone) return false;
  if (fragments_[first_released_].end != PacketEnd::none) releasing_ = fragments_[first_released_].end;
  fragments_[first_released_].end = PacketEnd::none;
  out = {fragments_[first_released_].ledger_slot, releasing_, {}, 0, 0, payload_end_of(releasing_)};
  while (first_released_ != kNone) {
    const std::uint32_t index = first_released_;
    const HeldFragment fragment = fragments_[index];
    if (fragment.ledger_slot != out.ledger_slot || fragment.end != PacketEnd::none) break;
    out.amount += {1, fragment.wire_bytes};
    out.payload += fragment.extent.end - fragment.extent.begin;
    out.overlap += fragment.overlap;
    first_released_ = fragment.next;
    fragments_.give(index);
  }
  if (first_released_ == kNone) last_released_ = kNone;
  held_.packets -= out.amount.packets;
  held_.bytes -= out.amount.bytes;
  held_payload_ -= out.payload;
  return true;
}

}  // namespace mirrorscan::defrag
