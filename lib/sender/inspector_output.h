#pragma once
// The inspector in this process as the receiver: packets go to it over rings in memory, without a copy.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "sender/mbuf_output.h"

struct rte_ring;

namespace mirrorscan::sender {

/// Which of the inspector's receive queues a packet comes to.
enum class Arrival : std::uint8_t {
  by_flow,       ///< both directions of a flow on one queue, as with RSS that knows the inner flow
  by_direction,  ///< the two directions of a flow on neighbouring queues: each flow has to be handed over
};

struct QueuePlan {
  std::uint16_t queues = 1;       ///< of the inspector's port; one for each of its workers
  std::uint32_t packets = 4'096;  ///< that may wait in a queue; a power of two
  Arrival arrival = Arrival::by_flow;
};

class InspectorOutput final : public MbufOutput {
 public:
  /// The port's name for the inspector's configuration.
  static constexpr const char* kDevice = "net_ring_generator";

  /// After start_eal(), with memory for `buffers`. One a process.
  [[nodiscard]] static Result<std::unique_ptr<InspectorOutput>> open(const QueuePlan& queues,
                                                                     const traffic::Profile& profile,
                                                                     const BufferPlan& buffers);
  ~InspectorOutput() override;

  /// What takes the place of the configuration's ports.
  [[nodiscard]] static config::Port configured(const QueuePlan& queues);
  /// Packets that the inspector holds at once besides those that wait for it: inboxes and bursts.
  [[nodiscard]] static std::uint32_t in_hand(const config::Workers& workers) noexcept;

  /// Whether the inspector has taken all that was sent. Any thread.
  [[nodiscard]] bool is_drained() const noexcept;
  [[nodiscard]] std::string name() const override { return "the inspector in this process"; }

 private:
  InspectorOutput(const QueuePlan& queues, const traffic::Profile& profile, engine::Pool pool);

  void mark(rte_mbuf& m, const traffic::PacketPlan& plan) const noexcept override;
  [[nodiscard]] std::size_t hand_over(std::span<rte_mbuf*> packets) noexcept override;

  QueuePlan plan_;
  std::vector<rte_ring*> rings_;  ///< by queue
};

}  // namespace mirrorscan::sender
