#include "defrag/defragmenter.h"

#include <rte_mbuf.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "defrag/store.h"
#include "defrag/table.h"
#include "packet/access.h"

namespace mirrorscan::defrag {

using ledger::PacketEnd;

struct Defragmenter::State {
  explicit State(const Settings& s)
      : settings(s), table(std::max(s.max_datagrams, 1u), s.seed), store(s.max_bytes, s.policies) {}

  [[nodiscard]] Key key_of(const packet::Meta& meta) const noexcept;
  [[nodiscard]] std::uint32_t find_in_time(const Key& key, Timestamp now) noexcept;
  [[nodiscard]] std::uint32_t begin(const Key& key, Timestamp now) noexcept;
  [[nodiscard]] bool make_room(std::uint32_t spared, Extent extent) noexcept;
  void end(std::uint32_t linked, PacketEnd how) noexcept;
  void end_completed(PacketEnd how) noexcept;
  [[nodiscard]] rte_mbuf* build(Datagram& datagram, rte_mempool& pool) noexcept;

  Settings settings;
  Table table;
  Store store;
  std::uint32_t completed = kNone;  ///< unlinked from the table; waits for take()
  packet::Meta completed_by;        ///< the Meta of the fragment that completed it
  std::uint32_t payload_length = 0;
  std::uint64_t reassembled = 0, evicted = 0, differing = 0;
};

Key Defragmenter::State::key_of(const packet::Meta& meta) const noexcept {
  Key key{meta.src, meta.dst, meta.tenant, meta.ip_id, 0, meta.version, 0};
  if (meta.version == IpVersion::v4) key.protocol = meta.protocol;
  if (settings.vlan_in_key == VlanInKey::included)
    key.vlans = static_cast<std::uint32_t>(meta.vlans << 24 | meta.vlan[0] << 12 | meta.vlan[1]);
  return key;
}

/// Ends the datagram when its time is over: expire() may lag, the timeout is exact.
std::uint32_t Defragmenter::State::find_in_time(const Key& key, Timestamp now) noexcept {
  const std::uint32_t index = table.find(key);
  if (index == kNone || table[index].deadline > now) return index;
  end(index, PacketEnd::fragment_timeout);
  return kNone;
}

std::uint32_t Defragmenter::State::begin(const Key& key, Timestamp now) noexcept {
  if (!table.room()) {
    end(table.oldest(), PacketEnd::fragment_evicted);
    ++evicted;
  }
  Timestamp deadline;
  if (__builtin_add_overflow(now.us, settings.timeout.us, &deadline.us))
    deadline.us = std::numeric_limits<std::int64_t>::max();
  return table.insert(key, deadline);
}

/// Evicts the oldest datagrams but `spared` until the store has room; at most one for each chunk that is
/// needed.
bool Defragmenter::State::make_room(std::uint32_t spared, Extent extent) noexcept {
  while (!store.room(table[spared], extent)) {
    const std::uint32_t victim = table.oldest_but(spared);
    if (victim == kNone) return false;
    end(victim, PacketEnd::fragment_evicted);
    ++evicted;
  }
  return true;
}

void Defragmenter::State::end(std::uint32_t linked, PacketEnd how) noexcept {
  table.unlink(linked);
  store.release(table[linked], how);
  table.drop(linked);
}

void Defragmenter::State::end_completed(PacketEnd how) noexcept {
  store.release(table[completed], how);
  table.drop(completed);
  completed = kNone;
}

rte_mbuf* Defragmenter::State::build(Datagram& datagram, rte_mempool& pool) noexcept {
  rte_mbuf* mbuf = packet::from_bytes(pool, ByteView(datagram.head.bytes.data(), datagram.head.length));
  if (mbuf == nullptr) return nullptr;
  if (!store.append_payload(datagram, *mbuf, pool)) {
    rte_pktmbuf_free(mbuf);
    return nullptr;
  }
  packet::Meta& meta = packet::meta(*mbuf);
  meta = datagram.meta;
  meta.time = completed_by.time;
  meta.capture_index = completed_by.capture_index;
  meta.wire_bytes = mbuf->pkt_len;
  meta.fragment = meta.more_fragments = meta.truncated = false;
  return mbuf;
}

namespace {

/// A fragment may not go beyond the end that another one stated, nor state an end before bytes that are
/// there.
bool contradicts(const Datagram& datagram, Extent extent, bool last) noexcept {
  if (last && datagram.end == kEndUnknown) return datagram.reach > extent.end;
  return last ? extent.end != datagram.end : extent.end > datagram.end;
}

}  // namespace

Defragmenter::Defragmenter(const Settings& settings) : state_(std::make_unique<State>(settings)) {}
Defragmenter::~Defragmenter() = default;

Verdict Defragmenter::add(const rte_mbuf& mbuf, const packet::Meta& meta, Timestamp now) noexcept {
  State& s = *state_;
  if (s.completed != kNone) {  // nobody took it
    s.end_completed(PacketEnd::fragment_evicted);
    ++s.evicted;
  }
  const Verdict first_look = check(mbuf, meta);
  if (first_look != Verdict::held) return first_look;
  Head head;
  if (meta.fragment_offset == 0 && !read_head(mbuf, meta, head)) return Verdict::bad;

  const Key key = s.key_of(meta);
  std::uint32_t index = s.find_in_time(key, now);
  const bool is_new = index == kNone;
  if (is_new) index = s.begin(key, now);
  Datagram& datagram = s.table[index];
  const Extent extent{meta.fragment_offset, meta.fragment_offset + meta.payload_stated};
  const bool last = !meta.more_fragments;
  if (contradicts(datagram, extent, last)) return Verdict::bad;
  if (s.store.differs(datagram, extent, mbuf, meta)) ++s.differing;
  // A last fragment whose bytes are all there may still tell where the datagram ends.
  const bool tells_end = last && datagram.end == kEndUnknown;
  if (!tells_end && s.store.gain(datagram, extent) == 0) return Verdict::overlapped;
  if (!s.make_room(index, extent)) {
    if (is_new) s.end(index, PacketEnd::fragment_evicted);
    return Verdict::no_room;
  }

  s.store.hold(datagram, extent, mbuf, meta);
  if (last) datagram.end = extent.end;
  if (meta.fragment_offset == 0 && datagram.head.length == 0) {
    datagram.head = head;
    datagram.meta = meta;
  }
  if (!datagram.whole()) return Verdict::held;
  s.table.unlink(index);
  s.completed = index;
  s.completed_by = meta;
  return Verdict::complete;
}

rte_mbuf* Defragmenter::take(rte_mempool& pool) noexcept {
  State& s = *state_;
  if (s.completed == kNone) return nullptr;
  Datagram& datagram = s.table[s.completed];
  if (!finish_head(datagram.head, datagram.key.version, datagram.end)) {
    s.end_completed(PacketEnd::fragment_bad);
    return nullptr;
  }
  rte_mbuf* mbuf = s.build(datagram, pool);
  if (mbuf == nullptr) {
    s.end_completed(PacketEnd::datagram_no_mbuf);
    return nullptr;
  }
  s.payload_length = datagram.end;
  ++s.reassembled;
  s.end_completed(PacketEnd::fragment_reassembled);
  return mbuf;
}

std::uint32_t Defragmenter::payload_length() const noexcept {
  return state_->payload_length;
}

std::size_t Defragmenter::expire(Timestamp now, std::size_t at_most) noexcept {
  State& s = *state_;
  std::size_t ended = 0;
  for (; ended < at_most; ++ended) {
    const std::uint32_t oldest = s.table.oldest();
    if (oldest == kNone || s.table[oldest].deadline > now) break;
    s.end(oldest, PacketEnd::fragment_timeout);
  }
  return ended;
}

bool Defragmenter::next_released(Released& out) noexcept {
  return state_->store.next_released(out);
}

ledger::Amount Defragmenter::held() const noexcept {
  return state_->store.held();
}
std::uint64_t Defragmenter::held_payload() const noexcept {
  return state_->store.held_payload();
}
std::size_t Defragmenter::datagrams() const noexcept {
  return state_->table.size();
}
std::uint64_t Defragmenter::datagrams_reassembled() const noexcept {
  return state_->reassembled;
}
std::uint64_t Defragmenter::datagrams_evicted() const noexcept {
  return state_->evicted;
}
std::uint64_t Defragmenter::overlaps_that_differ() const noexcept {
  return state_->differing;
}

}  // namespace mirrorscan::defrag
