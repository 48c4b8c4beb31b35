#pragma once
// Packets of many flows that are all there already, drawn at random: what a flow table sees that has filled
// up.

#include <array>
#include <cstdint>
#include <vector>

#include "bench/frame_source.h"
#include "traffic/book.h"
#include "traffic/frame_writer.h"
#include "traffic/plan.h"
#include "traffic/profile.h"
#include "traffic/random.h"

namespace mirrorscan::bench {

enum class Transport : std::uint8_t { tcp, udp };

/// Which flow and direction the next data packet is of.
enum class SteadyOrder : std::uint8_t { drawn, each_direction_once };

struct SteadyOptions {
  std::uint64_t flows = 1'000'000;
  Transport transport = Transport::udp;
  std::uint32_t inner_bytes = 64;  ///< of data packets, from Ethernet on; 0 = 64, 594 and 1518, 7 : 4 : 1
  double new_flows_per_s = 0;      ///< each takes the place of a drawn one, which says no more
  double packet_rate = 2'000'000;  ///< packets a second of the traffic's own time
  std::uint32_t vnis = 1;
  packet::Encap encap = packet::Encap::vxlan;
  SteadyOrder order = SteadyOrder::drawn;
  std::uint64_t seed = 1;
};

/// First what begins each flow, in turn (TCP: a handshake; UDP: a datagram each way), setup_packets() in all;
/// from then on, without end, data packets in both directions of flows drawn at random (or in turn). TCP
/// sequence numbers go on, so that nothing is sent twice. Payload is cut from a text that looks like a
/// protocol's.
class SteadyTraffic final : public FrameSource {
 public:
  explicit SteadyTraffic(const SteadyOptions& options);

  [[nodiscard]] const TimedFrame* next() override;
  [[nodiscard]] std::uint64_t setup_packets() const noexcept;
  [[nodiscard]] std::uint64_t flows_begun() const noexcept { return begun_; }

 private:
  struct Flow {
    std::uint64_t serial = 0;
    std::array<std::uint32_t, kDirections> next_seq{};
    std::uint16_t ip_id = 0;
    std::uint8_t begun = 0;  ///< packets of its beginning that were sent
  };

  [[nodiscard]] std::uint8_t packets_of_beginning() const noexcept;
  [[nodiscard]] Flow& draw();
  [[nodiscard]] Direction draw_direction();
  [[nodiscard]] traffic::PacketPlan plan_of(Flow& flow);
  void begin(Flow& flow, traffic::PacketPlan& plan);
  void say(Flow& flow, traffic::PacketPlan& plan);
  [[nodiscard]] std::uint32_t inner_bytes();

  SteadyOptions options_;
  traffic::Book book_;
  traffic::FrameWriter writer_;
  traffic::Random random_;
  std::vector<Flow> flows_;
  std::uint64_t given_ = 0, begun_ = 0;
  double new_flows_due_ = 0;
  std::array<std::uint8_t, traffic::FrameWriter::kMostFrameBytes> bytes_;
  TimedFrame frame_;
};

}  // namespace mirrorscan::bench
