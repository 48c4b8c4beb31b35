#include "support/worker_bench.h"

#include <rte_mbuf.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "packet/access.h"
#include "rules/load.h"
#include "support/mempool.h"

namespace mirrorscan::support {
namespace {

constexpr std::size_t kLargestBurst = 256;
constexpr std::uint16_t kPiece = 128;

/// Shared by all benches of the process; sized so that the largest burst of the longest chains fits.
struct Pools {
  Mempool whole{1'023}, pieces{16'383, kPiece}, datagrams{63};
};

Pools& pools() {
  static Pools all;
  return all;
}

rte_mbuf* chain_of(const Frame& frame) {
  if (frame.piece == 0) return packet::from_bytes(*pools().whole, frame.bytes);
  rte_mbuf* head = nullptr;
  rte_mbuf* last = nullptr;
  const ByteView all = frame.bytes;
  const std::size_t step = std::min<std::size_t>(frame.piece, kPiece);
  for (std::size_t at = 0; at < all.size() || head == nullptr; at += step) {
    const ByteView bytes = all.subspan(at, std::min(step, all.size() - at));
    rte_mbuf* m = packet::from_bytes(*pools().pieces, bytes);
    if (m == nullptr) throw std::runtime_error("the bench has too few mbufs");
    if (head == nullptr) {
      head = m;
    } else {
      last->next = m;
      ++head->nb_segs;
      head->pkt_len += m->pkt_len;
    }
    last = m;
  }
  return head;
}

template <class T>
T checked(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(result).value();
}

}  // namespace

std::shared_ptr<const ruleset::Ruleset> compile(std::string_view text) {
  rules::Loaded loaded = checked(rules::load_text("test.rules", text, {}, {}));
  for (const ruleset::Remark& remark : loaded.report.rejected) throw std::runtime_error(remark.text());
  return std::move(loaded.ruleset);
}

config::Config small_config(config::Profile profile) {
  config::Config c = config::defaults(profile);
  c.flow.max_flows = 4'096;
  c.stream.max_streams = 128;
  c.stream.max_held_bytes = 8 << 20;
  c.defrag.max_datagrams = 64;
  c.defrag.max_bytes = 1 << 20;
  c.dedup.max_records = 1'024;
  return c;
}

SeenAlert seen(const record::Record& record, const ruleset::Ruleset& rules) {
  const std::uint64_t end = record.alert.stream_offset;
  return {rules.rules[record.alert.rule].sid, record.direction, record.alert.from_stream,
          record.alert.from_stream && end > 0 ? (end - 1) / rules.window : 0};
}

rte_mbuf* mbuf_of(const Frame& frame) {
  rte_mbuf* m = chain_of(frame);
  if (m == nullptr) throw std::runtime_error("the bench has too few mbufs");
  return m;
}

rte_mempool& datagram_pool() {
  return *pools().datagrams;
}

std::string text_of(const std::vector<SeenAlert>& alerts) {
  std::string out;
  for (const SeenAlert& a : alerts)
    out += std::to_string(a.sid) + (a.direction == Direction::to_server ? ">" : "<") +
           (a.from_stream ? std::to_string(a.window) : "packet") + " ";
  return out;
}

WorkerBench::WorkerBench(const config::Config& config, std::shared_ptr<const ruleset::Ruleset> rules)
    : rules_(std::move(rules)), ring_(config.output.ring_records) {
  worker::Settings settings = worker::Settings::from(config);
  settings.when_full = worker::WhenFull::drop;  // drained after each burst; a loss shows in limits_hit()
  worker_ = checked(worker::Worker::make(settings, checked(worker::Tenants::from(config.tenants)), rules_,
                                         datagram_pool(), ring_));
}

WorkerBench::~WorkerBench() = default;

void WorkerBench::feed(std::span<const Frame> frames, std::size_t burst) {
  std::array<rte_mbuf*, kLargestBurst> mbufs{};
  while (!frames.empty()) {
    const std::size_t count = std::min({burst, frames.size(), kLargestBurst});
    for (std::size_t i = 0; i < count; ++i) {
      mbufs[i] = mbuf_of(frames[i]);
      packet::Meta& meta = packet::meta(*mbufs[i]);
      meta.time = frames[i].time;
      meta.capture_index = capture_index_++;
    }
    worker_->process({mbufs.data(), count});
    drain();
    frames = frames.subspan(count);
  }
}

void WorkerBench::finish() {
  worker_->finish({});
  drain();
}

void WorkerBench::drain() {
  record::Record record;
  while (ring_.try_pop(record)) records_.push_back(record);
}

std::vector<SeenAlert> WorkerBench::take_alerts() {
  std::vector<SeenAlert> alerts;
  for (const record::Record& r : records_) {
    if (r.type != record::Type::alert) continue;
    alerts.push_back(seen(r, *rules_));
  }
  records_.clear();
  std::sort(alerts.begin(), alerts.end());
  return alerts;
}

ledger::Ledger WorkerBench::total() const {
  ledger::Ledger sum;
  const worker::VniLedgers& all = worker_->ledgers();
  for (std::uint32_t slot = 0; slot < all.count(); ++slot) sum += all.at(slot);
  return sum;
}

std::string WorkerBench::imbalance() const {
  std::string out;
  const auto check = [&](const std::string& name, const ledger::Ledger& ledger) {
    if (ledger.balances()) return;
    const ledger::Amount packets = ledger.packet_imbalance();
    const auto number = [](std::uint64_t n) { return std::to_string(static_cast<std::int64_t>(n)); };
    out += name + ": " + number(packets.packets) + " packets of " + number(packets.bytes) + " bytes, " +
           number(ledger.payload_imbalance()) + " payload bytes; ";
  };
  const worker::VniLedgers& all = worker_->ledgers();
  for (std::uint32_t slot = 0; slot < all.count(); ++slot)
    check("VNI " + std::to_string(all.vni_of(slot)), all.at(slot));
  const ledger::Ledger sum = total();
  check("in all", sum);
  if (sum.payload_handed_in != sum.payload_handed_out) out += "payload handed out is not what was handed in";
  return out;
}

std::string WorkerBench::held() const {
  const worker::VniLedgers& all = worker_->ledgers();
  std::string out;
  for (std::uint32_t slot = 0; slot < all.count(); ++slot) {
    const ledger::Ledger& l = all.at(slot);
    if (l.held_defrag.packets + l.held_defrag.bytes + l.payload_held_defrag + l.payload_held_reassembly == 0)
      continue;
    out += "VNI " + std::to_string(all.vni_of(slot)) + ": " + std::to_string(l.held_defrag.packets) +
           " fragments, " + std::to_string(l.payload_held_reassembly) + " stream bytes; ";
  }
  return out;
}

std::string WorkerBench::limits_hit() const {
  using ledger::Counter;
  std::string out;
  for (const Counter c :
       {Counter::segments_budget, Counter::streams_budget, Counter::windows_budget, Counter::triggers_evicted,
        Counter::alert_memory_budget, Counter::evaluation_steps_exhausted, Counter::rules_suspended,
        Counter::look_back_cut, Counter::pcre_limit, Counter::matches_per_packet_budget,
        Counter::alert_rate_suppressed, Counter::records_lost, Counter::tcp_gaps, Counter::flows_evicted,
        Counter::flows_timed_out}) {
    if (counter(c) == 0) continue;
    out += std::string(ledger::kCounterTexts[static_cast<std::size_t>(c)].name) + " " +
           std::to_string(counter(c)) + " ";
  }
  return out;
}

std::uint32_t WorkerBench::mbufs_in_use() {
  return pools().whole.in_use() + pools().pieces.in_use() + pools().datagrams.in_use();
}

}  // namespace mirrorscan::support
