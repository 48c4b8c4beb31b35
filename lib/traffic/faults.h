#pragma once
// What happens to packets between the mirror source and the target: one side, a second mirror, truncation,
// repeats, loss, order.
//
// In this order, which is that of a packet's way: which directions of a flow a mirror shows, and how many
// mirrors show it, is decided where packets are copied; so is how much of a frame is kept. A copy is sent
// more than once after it was cut. The network then loses and delays what was sent, each copy on its own.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "traffic/fault_draws.h"
#include "traffic/faults_check.h"
#include "traffic/held_plans.h"
#include "traffic/plan.h"
#include "traffic/profile.h"
#include "traffic/sources.h"

namespace mirrorscan::traffic {

/// Plans of another source with the profile's faults. Each is drawn from the seed and the packet's ordinal
/// number (or the flow's serial) alone. Of copies `copy` is kSecondMirror or kRepeat, or both added.
class FaultSource final : public PlanSource {
 public:
  static constexpr std::uint16_t kSecondMirror = 1;  ///< the other source of the VNI mirrored it too
  static constexpr std::uint16_t kRepeat = 2;        ///< its source sent it twice

  /// The later of two mirrors is 1 to so many sent packets behind, the same for all of a flow; a packet that
  /// is sent twice comes again 1 to so many after the first time; neither is later than kMostCopyNs.
  static constexpr std::uint64_t kMostCopyPackets = 8, kMostCopyNs = 2'000'000;
  /// A reordered packet is not held longer than that where few packets come: no network would, and whoever
  /// waits for it gives up.
  static constexpr std::uint64_t kMostReorderNs = 50'000'000;

  /// in + duplicated + double_mirrored = out + lost + one_sided_hidden + held()
  struct Counts {
    std::uint64_t in = 0, out = 0;
    std::uint64_t lost = 0;              ///< copies included
    std::uint64_t reordered = 0;         ///< come later than they should
    std::uint64_t duplicated = 0;        ///< copies made by the same source
    std::uint64_t double_mirrored = 0;   ///< copies made by the second source
    std::uint64_t one_sided_hidden = 0;  ///< of the direction that is never seen
    std::uint64_t truncated = 0;         ///< cut by a mirror; repeats not counted again
  };

  /// `from` and what it lends outlive this. The profile has passed check().
  FaultSource(PlanSource& from, const Profile& profile);

  [[nodiscard]] std::size_t next(std::span<PacketPlan> out) override;
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
  /// Plans on their way: delayed, or decided and not fetched yet.
  [[nodiscard]] std::size_t held() const noexcept { return repeats_.size() + late_.size() + ready_.size(); }

 private:
  static constexpr std::size_t kBurst = 64;
  /// A packet brings three copies at most, and each waits for twice kMostCopyPackets at most: budgets that
  /// cannot be exceeded.
  static constexpr std::size_t kMostRepeats = 3 * (2 * kMostCopyPackets + 1);
  static constexpr std::size_t kMostLate = kMostReorderDistance + 1;
  static constexpr std::size_t kMostReady = kMostRepeats + kMostLate + 4;

  [[nodiscard]] bool fill_ready();
  void mirror(const PacketPlan& plan);
  void mirror_twice(const PacketPlan& plan, std::uint64_t ordinal);
  void capture(PacketPlan plan, std::uint64_t ordinal, std::uint64_t packets);
  void send(const PacketPlan& plan, std::uint64_t ordinal, std::uint64_t packets);
  void transmit(const PacketPlan& plan, std::uint64_t ordinal);
  void deliver(PacketPlan plan);
  void pass_time(std::uint64_t now_ns);
  void finish();

  PlanSource& from_;
  Faults faults_;
  Sources sources_;
  FaultDraws draws_;
  bool none_;  ///< no fault is asked for
  Counts counts_;
  std::array<PacketPlan, kBurst> burst_;
  std::size_t burst_at_ = 0, burst_end_ = 0;
  bool ended_ = false;
  std::uint64_t sent_ = 0;     ///< packets sent, lost ones included
  std::uint64_t arrived_ = 0;  ///< packets not lost
  std::uint64_t last_ns_ = 0;  ///< time of the last plan delivered
  HeldPlans repeats_;          ///< copies that are not sent yet
  HeldPlans late_;             ///< packets that are being overtaken
  PlanQueue ready_;
};

}  // namespace mirrorscan::traffic
