#include "bench/lookup.h"

#include <fmt/format.h>
#include <rte_hash.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <utility>

#include "base/cycles.h"
#include "base/lazy_array.h"
#include "bench/machine.h"
#include "flow/table.h"
#include "traffic/random.h"

namespace mirrorscan::bench {
namespace {

using flow::Key;

constexpr std::size_t kBurst = 32;
constexpr std::uint64_t kBytesAnEntry = 160;  ///< of rte_hash: key slot, bucket, ring of free slots
constexpr Timestamp kStart{1'700'000'000'000'000};

/// The least that a flow's state can be: the record itself is what is measured.
struct NoState {
  std::uint64_t nothing = 0;
};

struct alignas(64) Record {
  Timestamp last_seen;
};

struct HashDeleter {
  void operator()(rte_hash* hash) const noexcept { rte_hash_free(hash); }
};

[[nodiscard]] Key key_of(std::uint32_t serial) noexcept {
  Key key;
  key.lower = IpAddress::v4(10, static_cast<std::uint8_t>(serial >> 16),
                            static_cast<std::uint8_t>(serial >> 8), static_cast<std::uint8_t>(serial));
  key.higher = IpAddress::v4(172, 16, static_cast<std::uint8_t>(serial >> 24), 1);
  key.lower_port = 40'000;
  key.higher_port = 443;
  key.tenant = 4'711;
  key.protocol = 6;
  key.version = IpVersion::v4;
  return key;
}

[[nodiscard]] flow::Timeouts timeouts() noexcept {
  flow::Timeouts out;
  out.idle.fill(Duration::seconds(600));
  return out;
}

/// Both tables with the same flows.
class Tables {
 public:
  struct Cycles {
    double bulk = 0, single = 0, rte_bulk = 0, rte_single = 0, insert = 0, rte_insert = 0;
  };

  [[nodiscard]] static Result<std::unique_ptr<Tables>> make(std::uint32_t flows, std::uint32_t lookups);

  void insert_all() noexcept;
  void find_all() noexcept;
  [[nodiscard]] const Cycles& cycles() const noexcept { return cycles_; }
  [[nodiscard]] bool all_found() const noexcept { return missed_ == 0; }

 private:
  Tables(std::uint32_t flows, std::uint32_t lookups)
      : flows_(flows), table_({flows}, timeouts()), records_(flows + 1), asked_(lookups / kBurst * kBurst) {
    traffic::Random random(flows);
    for (Key& key : asked_) key = key_of(random.below(flows));
  }

  template <class Find>
  [[nodiscard]] double cycles_a_lookup(const Find& find) noexcept {
    const std::uint64_t began = cycle_count();
    for (std::size_t i = 0; i < asked_.size(); i += kBurst)
      find(std::span<const Key, kBurst>(&asked_[i], kBurst));
    return static_cast<double>(cycle_count() - began) / static_cast<double>(asked_.size());
  }
  // Not inlined into loops, where g++ 12 leaves the comparison of signatures scalar: the worker looks flows
  // up in a function of its own, where it makes it one of vectors.
  [[nodiscard, gnu::noinline]] flow::Slot find(const Key& key, std::uint64_t hash) const noexcept {
    return table_.find(key, hash);
  }
  void bulk(std::span<const Key, kBurst> keys) noexcept;
  void single(std::span<const Key, kBurst> keys) noexcept;
  void rte_bulk(std::span<const Key, kBurst> keys) noexcept;
  void rte_single(std::span<const Key, kBurst> keys) noexcept;
  void touch(flow::Slot slot) noexcept;
  void touch_record(std::int32_t position) noexcept;

  std::uint32_t flows_;
  flow::Table<NoState> table_;
  std::unique_ptr<rte_hash, HashDeleter> hash_;
  LazyArray<Record> records_;  ///< of rte_hash, by its position
  std::vector<Key> asked_;
  std::uint64_t missed_ = 0;
  Timestamp now_ = kStart;
  Cycles cycles_;
};

Result<std::unique_ptr<Tables>> Tables::make(std::uint32_t flows, std::uint32_t lookups) {
  std::unique_ptr<Tables> tables(new Tables(flows, lookups));
  const std::string name = fmt::format("bench{}", flows);
  rte_hash_parameters parameters{};
  parameters.name = name.c_str();
  parameters.entries = flows;
  parameters.key_len = sizeof(Key);
  parameters.socket_id = -1;
  parameters.extra_flag = RTE_HASH_EXTRA_FLAGS_EXT_TABLE;  // without it some of so many keys find no room
  tables->hash_.reset(rte_hash_create(&parameters));
  if (tables->hash_) return tables;
  return Error{"rte_hash", fmt::format("it could not be made for {} flows", flows), "measure fewer flows"};
}

void Tables::insert_all() noexcept {
  std::uint64_t began = cycle_count();
  for (std::uint32_t i = 0; i < flows_; ++i) {
    const Key key = key_of(i);
    missed_ +=
        table_.insert(key, flow::hash(key), now_, flow::Timeout::tcp_established) == flow::kNone ? 1 : 0;
  }
  cycles_.insert = static_cast<double>(cycle_count() - began) / flows_;
  began = cycle_count();
  for (std::uint32_t i = 0; i < flows_; ++i) {
    const Key key = key_of(i);
    touch_record(rte_hash_add_key_with_hash(hash_.get(), &key, static_cast<hash_sig_t>(flow::hash(key))));
  }
  cycles_.rte_insert = static_cast<double>(cycle_count() - began) / flows_;
}

void Tables::find_all() noexcept {
  cycles_.bulk = cycles_a_lookup([this](auto keys) noexcept { bulk(keys); });
  cycles_.rte_bulk = cycles_a_lookup([this](auto keys) noexcept { rte_bulk(keys); });
  cycles_.single = cycles_a_lookup([this](auto keys) noexcept { single(keys); });
  cycles_.rte_single = cycles_a_lookup([this](auto keys) noexcept { rte_single(keys); });
}

void Tables::touch(flow::Slot slot) noexcept {
  if (slot == flow::kNone) {
    ++missed_;
  } else {
    table_.touch(slot, now_);
  }
}

void Tables::touch_record(std::int32_t position) noexcept {
  if (position < 0 || static_cast<std::size_t>(position) >= records_.size()) {
    ++missed_;
  } else {
    records_[static_cast<std::size_t>(position)].last_seen = now_;
  }
}

void Tables::bulk(std::span<const Key, kBurst> keys) noexcept {
  std::array<std::uint64_t, kBurst> hashes;
  now_.us += 1;
  for (std::size_t i = 0; i < kBurst; ++i) {
    hashes[i] = flow::hash(keys[i]);
    table_.prefetch(hashes[i]);
  }
  for (const std::uint64_t hash : hashes) (void)table_.probable(hash);
  for (std::size_t i = 0; i < kBurst; ++i) touch(find(keys[i], hashes[i]));
}

void Tables::single(std::span<const Key, kBurst> keys) noexcept {
  now_.us += 1;
  for (const Key& key : keys) touch(find(key, flow::hash(key)));
}

void Tables::rte_bulk(std::span<const Key, kBurst> keys) noexcept {
  std::array<const void*, kBurst> pointers;
  std::array<hash_sig_t, kBurst> hashes;
  std::array<std::int32_t, kBurst> positions;
  now_.us += 1;
  for (std::size_t i = 0; i < kBurst; ++i) {
    pointers[i] = &keys[i];
    hashes[i] = static_cast<hash_sig_t>(flow::hash(keys[i]));
  }
  rte_hash_lookup_with_hash_bulk(hash_.get(), pointers.data(), hashes.data(), kBurst, positions.data());
  for (const std::int32_t position : positions)
    if (position >= 0) __builtin_prefetch(&records_[static_cast<std::size_t>(position)], 1);
  for (const std::int32_t position : positions) touch_record(position);
}

void Tables::rte_single(std::span<const Key, kBurst> keys) noexcept {
  now_.us += 1;
  for (const Key& key : keys)
    touch_record(rte_hash_lookup_with_hash(hash_.get(), &key, static_cast<hash_sig_t>(flow::hash(key))));
}

[[nodiscard]] Figures figures_of(const Tables::Cycles& c) {
  Figures out;
  out.number("bulk", c.bulk).number("single", c.single);
  out.number("rte_hash_bulk", c.rte_bulk).number("rte_hash_single", c.rte_single);
  out.number("insert", c.insert).number("rte_hash_insert", c.rte_insert);
  return std::move(out.number("ratio_to_rte_hash", c.bulk / c.rte_bulk));
}

}  // namespace

std::uint64_t lookup_memory(const LookupOptions& options) noexcept {
  std::uint64_t most = 0;
  for (const std::uint32_t flows : options.flows) most = std::max<std::uint64_t>(most, flows);
  return most * kBytesAnEntry * 2;  // DPDK's heap may not give back what it had in one piece
}

Status lookup(const LookupOptions& options, Measurement& out) {
  for (unsigned round = 0; round < options.rounds; ++round) {
    Figures figures;
    std::string line;
    double first = 0, last = 0;
    for (const std::uint32_t flows : options.flows) {
      auto tables = Tables::make(flows, options.lookups);
      if (!tables) return tables.error();
      on_measured_lcore([&]() noexcept {
        tables.value()->insert_all();
        tables.value()->find_all();
      });
      if (!tables.value()->all_found()) return Error{"lookup", "a table lost a flow", "this is a defect"};
      last = tables.value()->cycles().bulk;
      if (first == 0) first = last;
      line += fmt::format("{}{} flows {:.0f} (rte_hash {:.0f})", line.empty() ? "" : ", ", flows, last,
                          tables.value()->cycles().rte_bulk);
      figures.object(fmt::format("flows_{}", flows), figures_of(tables.value()->cycles()));
    }
    figures.number("ratio_of_sizes", last / first);
    out.add_round(std::move(figures), line + " cycles a lookup");
  }
  return success();
}

}  // namespace mirrorscan::bench
