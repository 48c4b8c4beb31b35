#pragma once
// Finds the second copy of a packet that was mirrored at more than one place.

#include <array>
#include <cstdint>

#include "base/lazy_array.h"
#include "base/timestamp.h"
#include "dedup/fingerprint.h"
#include "packet/meta.h"

namespace mirrorscan::dedup {

struct Settings {
  std::uint32_t records = 65'536;  ///< packets remembered at one time; rounded up to a power of two
  Duration window = Duration::milliseconds(500);
  HashSeed seed;
};

enum class Verdict : std::uint8_t {
  unique,       ///< the first copy: inspect it
  duplicate,    ///< another source's copy was at least as long: do not inspect it
  longer_copy,  ///< another source's copy came first but captured less: inspect this one too
};

/// What two copies have in common but for their payload, as keyed hashes.
struct Identity {
  std::uint64_t low = 0, high = 0;
  friend bool operator==(const Identity&, const Identity&) = default;
};

/// The n-th occurrence from one mirror source (VNI, outer source address) pairs with the n-th from another
/// source of the same tenant, within the window. Occurrences are equal in tenant, inner addresses and ports,
/// protocol, IP id, fragment offset, TCP sequence numbers and flags, stated payload length, and payload. TTL
/// and checksums are left out: they change on the way. Repeats from one source are never duplicates.
///
/// Payloads captured to the same length are compared whole; to different lengths, by their first kPrefix
/// bytes, or not at all where one has fewer.
///
/// A fixed table of sets: where a set is full the oldest record goes, those with a found copy before others.
class Dedup {
 public:
  explicit Dedup(const Settings& settings);

  [[nodiscard]] Identity identity_of(const packet::Meta& meta) const noexcept;

  /// Must see a tenant's packets before they change (defragmentation). `identity` is identity_of(meta). An
  /// earlier `now` counts as the latest one. Cost: two cold cache lines; prefetch() hides the first.
  [[nodiscard]] Verdict check(const packet::Meta& meta, const Identity& identity,
                              const Fingerprint& fingerprint, Timestamp now) noexcept;

  /// For bursts: first prefetch() for all packets, which asks for the line that check() reads first, then
  /// prefetch_record() for all, then check().
  void prefetch(const Identity& identity) const noexcept {
    __builtin_prefetch(&sets_[identity.low & mask_], 1);
  }
  void prefetch_record(const Identity& identity) const noexcept;

  /// Records that were overwritten within their window and without a copy found: copies of those packets, if
  /// they come, are inspected twice.
  [[nodiscard]] std::uint64_t overwritten() const noexcept { return overwritten_; }

 private:
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kSources = 3;  ///< copies of one packet that a record can tell apart

  /// What a search reads: one cache line for eight records.
  struct alignas(64) Set {
    std::array<std::uint32_t, kWays> tags;    ///< of the identity; 0 = free
    std::array<std::uint32_t, kWays> stamps;  ///< coarse time of the record, and whether a copy was found
  };
  struct alignas(64) Record {
    Identity identity;
    Timestamp time;                               ///< of the first copy
    Fingerprint fingerprint;                      ///< of the longest copy
    std::uint32_t order;                          ///< counts records, to tell the older of two
    std::array<std::uint32_t, kSources> sources;  ///< hashes; 0 = none
  };
  static_assert(sizeof(Set) == 64 && sizeof(Record) == 64);

  /// Keys of the identity's words, and nothing else: no two words may share one.
  using Keys = std::array<std::uint64_t, 8>;

  [[nodiscard]] static Keys keys_of(HashSeed seed) noexcept;
  [[nodiscard]] static std::uint32_t set_count(std::uint32_t records) noexcept;
  [[nodiscard]] std::uint32_t source_of(const packet::Tunnel& tunnel) const noexcept;
  [[nodiscard]] bool live(const Record& record) const noexcept;
  /// The way of the oldest record that lacks a copy from `source`; kWays where there is none.
  [[nodiscard]] std::size_t partner(std::size_t set, const Identity& identity, const Fingerprint& fingerprint,
                                    std::uint32_t source) const noexcept;
  [[nodiscard]] std::size_t victim(const Set& line) const noexcept;
  void remember(std::size_t set, const Identity& identity, const Fingerprint& fingerprint,
                std::uint32_t source) noexcept;

  Settings settings_;
  Keys keys_;
  std::uint32_t mask_;  ///< sets - 1
  std::uint32_t order_ = 0;
  std::uint64_t overwritten_ = 0;
  Timestamp now_;
  LazyArray<Set> sets_;
  LazyArray<Record> records_;
};

}  // namespace mirrorscan::dedup
