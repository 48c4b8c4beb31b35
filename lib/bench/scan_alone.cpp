#include "bench/scan_alone.h"

#include "base/cycles.h"
#include "bench/machine.h"

namespace mirrorscan::bench {
namespace {

using ruleset::ScanKind;

constexpr std::array kBothWays{Direction::to_server, Direction::to_client};

[[nodiscard]] const match::Database& database(const ruleset::Ruleset& rules, ScanKind kind, Direction d) {
  return rules.scan(kind, d).triggered;
}

}  // namespace

double payload_gbit_per_s(const ScanCount& count) {
  return static_cast<double>(count.bytes) * 8e-9 * tsc_hz() / static_cast<double>(count.cycles);
}

Figures scan_figures(const ScanCount& count) {
  Figures out;
  out.number("seconds", static_cast<double>(count.cycles) / tsc_hz());
  out.number("payload_gbit_per_s", payload_gbit_per_s(count));
  out.number("cycles_per_byte", static_cast<double>(count.cycles) / static_cast<double>(count.bytes));
  return std::move(out.count("matches", count.matches));
}

Result<std::unique_ptr<ScanAlone>> ScanAlone::make(const match::Database& db, const FedTraffic& traffic) {
  std::unique_ptr<ScanAlone> out(new ScanAlone(traffic));
  if (Status prepared = out->scanner_.prepare(db); !prepared) return prepared.error();
  auto pool = match::StreamPool::open(db, traffic.streams());
  if (!pool) return pool.error();
  out->pool_ = std::move(pool).value();
  out->streams_.resize(traffic.streams());
  for (match::Stream*& stream : out->streams_) stream = out->pool_.acquire();
  return out;
}

ScanAlone::~ScanAlone() {
  for (match::Stream* stream : streams_)
    if (stream != nullptr) pool_.release(stream);  // a pool closes what is in it
}

ScanCount ScanAlone::scan() {
  for (match::Stream* stream : streams_) pool_.reset(stream);
  ScanCount count;
  on_measured_lcore([&]() noexcept {
    auto note = [&](const match::Hit&) { ++count.matches; };
    const std::uint64_t began = cycle_count();
    for (const FedTraffic::Payload& p : traffic_.payloads()) {
      scanner_.scan_stream(streams_[p.stream], traffic_.bytes_of(p), note);
      count.bytes += p.length;
    }
    count.cycles = cycle_count() - began;
  });
  return count;
}

Result<std::unique_ptr<ScanByProtocol>> ScanByProtocol::make(const ruleset::Ruleset& rules,
                                                             const FedTraffic& traffic) {
  std::unique_ptr<ScanByProtocol> out(new ScanByProtocol(rules, traffic));
  if (Status opened = out->open(); !opened) return opened.error();
  return out;
}

ScanByProtocol::~ScanByProtocol() {
  for (match::Stream* stream : streams_)
    if (stream != nullptr) pools_[0].release(stream);  // each pool has room for all
}

Status ScanByProtocol::open() {
  streams_.resize(traffic_.streams());
  for (const Direction d : kBothWays) {
    for (const ScanKind kind : {ScanKind::tcp_stream, ScanKind::tcp_segment, ScanKind::udp})
      if (Status prepared = scanner_.prepare(database(rules_, kind, d)); !prepared) return prepared;
    auto pool = match::StreamPool::open(database(rules_, ScanKind::tcp_stream, d), traffic_.streams());
    if (!pool) return pool.error();
    pools_[index_of(d)] = std::move(pool).value();
  }
  for (const FedTraffic::Payload& p : traffic_.payloads())
    if (p.tcp && streams_[p.stream] == nullptr) streams_[p.stream] = pools_[index_of(p.direction)].acquire();
  return success();
}

std::uint64_t ScanByProtocol::stream_state_bytes() const noexcept {
  return database(rules_, ScanKind::tcp_stream, Direction::to_server).stream_bytes;
}

ScanCount ScanByProtocol::scan() {
  for (match::Stream* stream : streams_)
    if (stream != nullptr) pools_[0].reset(stream);
  ScanCount count;
  on_measured_lcore([&]() noexcept {
    auto note = [&](const match::Hit&) { ++count.matches; };
    const std::uint64_t began = cycle_count();
    for (const FedTraffic::Payload& p : traffic_.payloads()) {
      const ByteView bytes = traffic_.bytes_of(p);
      if (!p.tcp) {
        scanner_.scan_block(database(rules_, ScanKind::udp, p.direction), bytes, note);
      } else {
        if (streams_[p.stream] != nullptr) scanner_.scan_stream(streams_[p.stream], bytes, note);
        scanner_.scan_block(database(rules_, ScanKind::tcp_segment, p.direction), bytes, note);
      }
      count.bytes += p.length;
    }
    count.cycles = cycle_count() - began;
  });
  return count;
}

}  // namespace mirrorscan::bench
