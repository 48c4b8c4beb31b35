#include "bench/ideal_loop.h"

#include <rte_mbuf.h>

#include <algorithm>
#include <cstring>

#include "base/cycles.h"
#include "base/mix.h"
#include "bench/machine.h"

namespace mirrorscan::bench {
namespace {

using ruleset::ScanKind;

/// Ethernet, IPv4 without options, UDP, VXLAN.
constexpr std::uint32_t kOuterBytes = 14 + 20 + 8 + 8;
constexpr std::uint32_t kVniAt = kOuterBytes - 4;
constexpr std::uint8_t kTcp = 6, kUdp = 17;

[[nodiscard]] std::uint16_t be16(const std::uint8_t* at) noexcept {
  return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}

[[nodiscard]] const std::uint8_t* bytes_of(const rte_mbuf& m) noexcept {
  return static_cast<const std::uint8_t*>(m.buf_addr) + m.data_off;
}

[[nodiscard]] bool is_vxlan(const rte_mbuf& m) noexcept {
  const std::uint8_t* b = bytes_of(m);
  return m.data_len > kOuterBytes + 34 && be16(b + 12) == 0x0800 && b[14] == 0x45 && b[23] == kUdp &&
         be16(b + 36) == 4789 && (b[42] & 0x08) != 0;
}

[[nodiscard]] const match::Database& database(const ruleset::Ruleset& rules, ScanKind kind, Direction d) {
  return rules.scan(kind, d).triggered;
}

}  // namespace

std::uint64_t IdealCounts::all_cycles() const noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t c : cycles) sum += c;
  return sum;
}

double cycles_per_packet(const IdealCounts& from, const IdealCounts& to) noexcept {
  return static_cast<double>(to.all_cycles() - from.all_cycles()) /
         static_cast<double>(to.packets - from.packets);
}

Figures ideal_figures(const IdealCounts& from, const IdealCounts& to) {
  const auto packets = static_cast<double>(to.packets - from.packets);
  const double seconds = static_cast<double>(to.all_cycles() - from.all_cycles()) / tsc_hz();
  Figures out, stages;
  out.number("kpps", packets / seconds / 1e3).number("cycles_per_packet", cycles_per_packet(from, to));
  out.number("payload_gbit_per_s",
             static_cast<double>(to.payload_bytes - from.payload_bytes) * 8e-9 / seconds);
  out.count("flows", to.flows)
      .count("others", to.others - from.others)
      .count("matches", to.matches - from.matches);
  for (std::size_t i = 0; i < kIdealStages; ++i)
    stages.number(kIdealStageNames[i], static_cast<double>(to.cycles[i] - from.cycles[i]) / packets);
  return std::move(out.object("stages", std::move(stages)));
}

IdealLoop::IdealLoop(std::uint32_t directions, const ruleset::Ruleset* rules)
    : rules_(rules), index_(directions), records_(directions), most_(directions) {}

IdealLoop::~IdealLoop() {
  for (std::uint32_t slot = 0; slot < used_; ++slot)
    if (records_[slot].stream != nullptr) streams_[0].release(records_[slot].stream);
}

Result<std::unique_ptr<IdealLoop>> IdealLoop::make(std::uint32_t directions, const ruleset::Ruleset* rules) {
  std::unique_ptr<IdealLoop> loop(new IdealLoop(directions, rules));
  if (rules == nullptr) return loop;
  if (Status opened = loop->open_streams(); !opened) return opened.error();
  return loop;
}

Status IdealLoop::open_streams() {
  for (const Direction d : {Direction::to_server, Direction::to_client}) {
    for (const ScanKind kind : {ScanKind::tcp_stream, ScanKind::udp})
      if (Status prepared = scanner_.prepare(database(*rules_, kind, d)); !prepared) return prepared;
    auto pool = match::StreamPool::open(database(*rules_, ScanKind::tcp_stream, d), most_);
    if (!pool) return pool.error();
    streams_[index_of(d)] = std::move(pool).value();
  }
  return success();
}

void IdealLoop::feed(FrameSource& source, MbufChunk& chunk, std::size_t most) {
  while (most > 0) {
    const std::size_t packets = chunk.fill(source, most);
    if (packets == 0) break;
    on_measured_lcore([&] { run(chunk); });
    most -= packets;
  }
}

void IdealLoop::run(MbufChunk& chunk) noexcept {
  const std::span<rte_mbuf*> packets = chunk.packets();
  for (std::size_t first = 0; first < packets.size(); first += kBurst)
    burst(packets.subspan(first, std::min(kBurst, packets.size() - first)));
  counts_.packets += packets.size();
  counts_.flows = used_;
}

void IdealLoop::burst(std::span<rte_mbuf*> packets) noexcept {
  std::array<Parsed, kBurst> parsed;
  const std::size_t n = packets.size();
  std::uint64_t since = cycle_count();
  const auto lap = [&](IdealStage stage) noexcept {
    const std::uint64_t now = cycle_count();
    counts_.cycles[static_cast<std::size_t>(stage)] += now - since;
    since = now;
  };
  for (rte_mbuf* m : packets) __builtin_prefetch(m);
  for (rte_mbuf* m : packets) {
    __builtin_prefetch(bytes_of(*m));
    __builtin_prefetch(bytes_of(*m) + 64);
  }
  lap(IdealStage::dequeue);
  for (std::size_t i = 0; i < n; ++i) {
    parsed[i].key.vni = 0;
    if (!is_vxlan(*packets[i])) continue;
    const std::uint8_t* vni = bytes_of(*packets[i]) + kVniAt;
    parsed[i].key.vni = 1U << 31 | static_cast<std::uint32_t>(vni[0] << 16 | vni[1] << 8 | vni[2]);
    rte_pktmbuf_adj(packets[i], kOuterBytes);
  }
  lap(IdealStage::decap);
  for (std::size_t i = 0; i < n; ++i) parse(*packets[i], parsed[i]);
  lap(IdealStage::parse);
  find_all(std::span(parsed).first(n));
  lap(IdealStage::flow);
  if (rules_ != nullptr)
    for (const Parsed& packet : std::span(parsed).first(n)) scan(packet);
  lap(IdealStage::scan);
  rte_pktmbuf_free_bulk(packets.data(), static_cast<unsigned>(n));
  lap(IdealStage::release);
}

/// `out.key.vni` is that of the outer headers, 0 without them; it stays 0 for what has no ports.
void IdealLoop::parse(const rte_mbuf& m, Parsed& out) noexcept {
  const std::uint32_t vni = out.key.vni;
  out.key = {};
  out.slot = flow::kNone;
  out.payload = {};
  if (vni == 0) return;
  const std::uint8_t* b = bytes_of(m);
  const std::uint16_t type = be16(b + 12);
  const bool v4 = type == 0x0800;
  if (!v4 && (type != 0x86dd || m.data_len < 54)) return;
  const std::uint8_t protocol = v4 ? b[23] : b[20];
  const std::uint32_t l4 = v4 ? 14 + (b[14] & 0xfU) * 4 : 54;
  const std::uint32_t end = v4 ? 14U + be16(b + 16) : 54U + be16(b + 18);
  if ((protocol != kTcp && protocol != kUdp) || m.data_len < l4 + (protocol == kTcp ? 20U : 8U)) return;
  std::memcpy(out.key.src.bytes.data(), b + (v4 ? 26 : 22), v4 ? 4 : 16);
  std::memcpy(out.key.dst.bytes.data(), b + (v4 ? 30 : 38), v4 ? 4 : 16);
  out.key.src_port = be16(b + l4);
  out.key.dst_port = be16(b + l4 + 2);
  out.key.vni = (vni & 0xff'ffffU) | static_cast<std::uint32_t>(protocol) << 24;
  const std::uint32_t payload = l4 + (protocol == kTcp ? (b[l4 + 12] >> 4) * 4U : 8U);
  const std::uint32_t there = std::min<std::uint32_t>(end, m.data_len);
  if (payload < there) out.payload = {b + payload, there - payload};
}

bool IdealLoop::same(const Key& a, const Key& b) noexcept {
  std::array<std::uint64_t, 5> x, y;
  static_assert(sizeof(x) == sizeof(Key));
  std::memcpy(x.data(), &a, sizeof x);
  std::memcpy(y.data(), &b, sizeof y);
  std::uint64_t differences = 0;
  for (std::size_t i = 0; i < x.size(); ++i) differences |= x[i] ^ y[i];
  return differences == 0;
}

void IdealLoop::find_all(std::span<Parsed> packets) noexcept {
  for (Parsed& p : packets) {
    const std::uint64_t rest =
        std::uint64_t{p.key.src_port} << 48 | std::uint64_t{p.key.dst_port} << 32 | p.key.vni;
    p.hash = mix(mix(mix(rest, p.key.src), p.key.dst), rest);
    index_.prefetch(p.hash);
  }
  for (const Parsed& p : packets)
    if (const flow::Slot slot = index_.candidate(p.hash); slot != flow::kNone)
      __builtin_prefetch(&records_[slot]);
  for (Parsed& p : packets) {
    if (p.key.vni == 0) {
      ++counts_.others;
      continue;
    }
    p.slot = index_.find(p.hash, [&](flow::Slot slot) { return same(records_[slot].key, p.key); });
    if (p.slot == flow::kNone && used_ < most_) {
      p.slot = used_++;
      records_[p.slot] = {p.key, 0, nullptr, 0};
      index_.insert(p.hash, p.slot);
    }
    if (p.slot == flow::kNone) continue;
    Record& record = records_[p.slot];
    ++record.packets;
    record.bytes += p.payload.size();
    counts_.payload_bytes += p.payload.size();
    if (rules_ != nullptr && record.stream != nullptr) __builtin_prefetch(record.stream);
  }
}

void IdealLoop::scan(const Parsed& p) noexcept {
  if (p.payload.empty() || p.slot == flow::kNone) return;
  auto note = [&](const match::Hit&) noexcept { ++counts_.matches; };
  const Direction d = p.key.dst_port <= p.key.src_port ? Direction::to_server : Direction::to_client;
  if (p.key.vni >> 24 == kUdp) {
    scanner_.scan_block(database(*rules_, ScanKind::udp, d), p.payload, note);
    return;
  }
  Record& record = records_[p.slot];
  if (record.stream == nullptr) record.stream = streams_[index_of(d)].acquire();
  if (record.stream != nullptr) scanner_.scan_stream(record.stream, p.payload, note);
}

}  // namespace mirrorscan::bench
