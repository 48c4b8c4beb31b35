#pragma once
// A loop that does nothing but the least: the one expected encapsulation off, the 5-tuple, a table with a
// record for each direction, the scan. No ledger, no tenants, no order, no rules around hits, no fragments.
// What the worker is held against in the same process and on the same mbufs.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/direction.h"
#include "base/lazy_array.h"
#include "base/result.h"
#include "bench/figures.h"
#include "bench/frame_source.h"
#include "bench/mbuf_chunk.h"
#include "flow/index.h"
#include "match/scanner.h"
#include "ruleset/ruleset.h"

struct rte_mbuf;

namespace mirrorscan::bench {

enum class IdealStage : std::uint8_t { dequeue, decap, parse, flow, scan, release, count_ };
inline constexpr std::size_t kIdealStages = static_cast<std::size_t>(IdealStage::count_);
inline constexpr std::array<std::string_view, kIdealStages> kIdealStageNames{"dequeue", "decap", "parse",
                                                                             "flow",    "scan",  "release"};

struct IdealCounts {
  std::uint64_t packets = 0, payload_bytes = 0, others = 0, matches = 0, flows = 0;
  std::array<std::uint64_t, kIdealStages> cycles{};
  [[nodiscard]] std::uint64_t all_cycles() const noexcept;
};

/// Cycles between two counts, by stage: kpps, cycles_per_packet, payload_gbit_per_s, flows, matches, stages.
[[nodiscard]] Figures ideal_figures(const IdealCounts& from, const IdealCounts& to);
[[nodiscard]] double cycles_per_packet(const IdealCounts& from, const IdealCounts& to) noexcept;

class IdealLoop {
 public:
  static constexpr std::size_t kBurst = 32;

  /// Room for `directions` of flows. `rules` (or nullptr: no scan) outlives this.
  [[nodiscard]] static Result<std::unique_ptr<IdealLoop>> make(std::uint32_t directions,
                                                               const ruleset::Ruleset* rules);
  ~IdealLoop();

  /// As WorkerPass::feed().
  void feed(FrameSource& source, MbufChunk& chunk, std::size_t most = MbufChunk::kNoLimit);
  [[nodiscard]] const IdealCounts& counts() const noexcept { return counts_; }

 private:
  struct Key {
    IpAddress src, dst;
    std::uint16_t src_port, dst_port;
    std::uint32_t vni;  ///< and the protocol in the upper byte
  };
  /// One cache line.
  struct alignas(64) Record {
    Key key;
    std::uint32_t packets;
    match::Stream* stream;
    std::uint64_t bytes;
  };
  static_assert(sizeof(Record) == 64);
  struct Parsed {
    Key key;
    std::uint64_t hash;
    ByteView payload;
    flow::Slot slot;
  };

  IdealLoop(std::uint32_t directions, const ruleset::Ruleset* rules);
  [[nodiscard]] Status open_streams();
  void run(MbufChunk& chunk) noexcept;
  void burst(std::span<rte_mbuf*> packets) noexcept;
  void parse(const rte_mbuf& m, Parsed& out) noexcept;
  void find_all(std::span<Parsed> packets) noexcept;
  void scan(const Parsed& packet) noexcept;
  [[nodiscard]] static bool same(const Key& a, const Key& b) noexcept;

  const ruleset::Ruleset* rules_;
  flow::Index index_;
  LazyArray<Record> records_;
  std::uint32_t used_ = 0, most_;
  match::Scanner scanner_;
  std::array<match::StreamPool, kDirections> streams_;
  IdealCounts counts_;
};

}  // namespace mirrorscan::bench
