#pragma once
// Frames written straight into mbufs, in the order in which they are to leave.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/eal.h"
#include "sender/output.h"
#include "traffic/frame_writer.h"
#include "traffic/profile.h"

struct rte_mbuf;

namespace mirrorscan::sender {

/// Bytes of data that one packet buffer needs for the frames of a profile: 2,048 unless they may be longer.
[[nodiscard]] std::uint32_t buffer_bytes(const traffic::Profile& profile);

/// Packet buffers for `packets` frames at once; `engine::EalOptions::memory_mb` needs these more.
struct BufferPlan {
  std::uint32_t packets = 0;
  std::uint32_t bytes = 2'048;

  /// As the pool's size is rounded: 2^n - 1 buffers, each with headers, headroom and packet::Meta.
  [[nodiscard]] std::uint32_t memory_mb() const noexcept;
};

class MbufOutput : public Output {
 public:
  ~MbufOutput() override;

  void make(std::span<const traffic::PacketPlan> plans) noexcept final;
  void send(std::size_t count) noexcept final;
  void discard() noexcept final;

 protected:
  MbufOutput(const traffic::Profile& profile, engine::Pool pool);

  /// For a packet that is made: what hand_over() will want to know about its plan.
  virtual void mark(rte_mbuf& m, const traffic::PacketPlan& plan) const noexcept;
  /// Gives the packets to the receiver and says how many it took; those it did not take stand at the end of
  /// `packets` then.
  [[nodiscard]] virtual std::size_t hand_over(std::span<rte_mbuf*> packets) noexcept = 0;

  [[nodiscard]] rte_mempool& pool() const noexcept { return *pool_; }
  /// The longest frame so far.
  [[nodiscard]] std::size_t longest() const noexcept { return longest_; }

 private:
  [[nodiscard]] rte_mbuf* frame_of(const traffic::PacketPlan& plan) noexcept;
  void hand_over_burst(std::span<rte_mbuf*> packets) noexcept;

  engine::Pool pool_;
  traffic::FrameWriter writer_;
  std::vector<rte_mbuf*> made_;  ///< from next_ on: not yet sent; null = there was no buffer for it
  std::size_t next_ = 0;
  std::size_t longest_ = 0;
};

}  // namespace mirrorscan::sender
