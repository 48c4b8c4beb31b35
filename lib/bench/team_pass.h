#pragma once
// Several workers fed from memory: what it costs when packets arrive at workers that do not own their flows.

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "bench/figures.h"
#include "bench/frame_source.h"
#include "bench/mbuf_chunk.h"
#include "bench/worker_pass.h"
#include "worker/exchange.h"

namespace mirrorscan::bench {

enum class Arrival : std::uint8_t {
  friendly,  ///< each packet at its owner, as if RSS saw the inner flow
  hostile,   ///< the directions of a flow at different workers: of two one is the owner, of more none
};

/// At which worker each frame arrives, in their order; decoded here, with mbufs of `pool`.
[[nodiscard]] std::vector<std::uint8_t> arrivals_of(const StoredFrames& frames,
                                                    const worker::Settings& settings, std::uint32_t workers,
                                                    Arrival arrival, rte_mempool& pool);

/// Where there are CPUs for all workers each has its own lcore. They go through the capture together, at most
/// kAhead bursts apart, since the directions of a flow must not drift apart by more than they do on a wire.
/// Otherwise they take turns on one lcore, burst by burst: that shows what the hand-over costs in
/// instructions, and not what a cache line costs that moves between cores.
class TeamPass {
 public:
  static constexpr std::size_t kAhead = 16;

  /// EAL has started, with an lcore for each worker.
  [[nodiscard]] static Result<std::unique_ptr<TeamPass>> make(const WorkerPass::Options& options,
                                                              std::uint32_t workers);

  /// Everything once; `arrivals` has a worker for each frame.
  void feed(const StoredFrames& frames, const std::vector<std::uint8_t>& arrivals, MbufChunk& chunk);
  void delay(Duration later) noexcept { later_ = later; }
  /// Ends all flows; untimed.
  void finish();

  /// Cycles are those of all workers in which they had packets.
  [[nodiscard]] PassCounts counts();
  [[nodiscard]] std::uint64_t handed_over();
  [[nodiscard]] std::uint64_t wall_cycles() const noexcept { return wall_cycles_; }
  [[nodiscard]] bool balances();
  [[nodiscard]] bool parallel() const noexcept { return parallel_; }

 private:
  struct Lane {
    std::unique_ptr<worker::RecordRing> ring;
    std::unique_ptr<worker::Worker> worker;
    std::vector<rte_mbuf*> packets;
    std::vector<Timestamp> times;
    std::uint64_t cycles = 0, records = 0, alerts = 0, began = 0, ended = 0;
    TeamPass* team = nullptr;
    alignas(128) std::atomic<std::size_t> bursts{0};  ///< of this chunk that are done
    std::atomic<bool> done{false};
  };

  TeamPass(const WorkerPass::Options& options, std::uint32_t workers);
  void deal(MbufChunk& chunk, const std::vector<std::uint8_t>& arrivals, std::size_t first);
  void take_turns() noexcept;
  void run_in_parallel();
  static int run_lane(void* lane);
  [[nodiscard]] bool one_burst(Lane& lane, std::size_t number) noexcept;
  [[nodiscard]] std::size_t take_in(Lane& lane) noexcept;
  [[nodiscard]] bool far_ahead(const Lane& lane, std::size_t number) const noexcept;
  [[nodiscard]] bool all_done() const noexcept;
  static void take_records(Lane& lane) noexcept;

  std::uint32_t burst_;
  bool parallel_ = false;
  engine::Pool datagrams_;
  std::unique_ptr<worker::Exchange> exchange_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::uint64_t packets_ = 0, outer_bytes_ = 0, wall_cycles_ = 0;
  Duration later_;
  Timestamp last_;
};

}  // namespace mirrorscan::bench
