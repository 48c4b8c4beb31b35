#pragma once
// What happens to packets between the mirror source and the target: loss, order, repeats, a second mirror,
// one side, truncation.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "traffic/held_plans.h"
#include "traffic/plan.h"
#include "traffic/profile.h"
#include "traffic/sources.h"

namespace mirrorscan::traffic {

/// Plans of another source with the profile's faults. Each fault is drawn from the seed and the packet's
/// ordinal number (or the flow's serial) alone, so that one fault does not change what another one hits.
/// `copy` of a plan: kSecondMirror and kRepeat, or both, or 0.
class FaultSource final : public PlanSource {
 public:
  static constexpr std::uint16_t kSecondMirror = 1;  ///< the other source of the VNI mirrored it too
  static constexpr std::uint16_t kRepeat = 2;        ///< its source sent it twice

  /// in + duplicated + double_mirrored = out + lost + one_sided_hidden + held()
  struct Counts {
    std::uint64_t in = 0, out = 0;
    std::uint64_t lost = 0;              ///< copies included
    std::uint64_t reordered = 0;         ///< came later than they should
    std::uint64_t duplicated = 0;        ///< copies made by the same source
    std::uint64_t double_mirrored = 0;   ///< copies made by the second source
    std::uint64_t one_sided_hidden = 0;  ///< of the direction that is never seen
    std::uint64_t truncated = 0;         ///< cut, their duplicates not counted again
  };

  /// `from` and what it lends outlive this. The profile has passed check().
  FaultSource(PlanSource& from, const Profile& profile);

  [[nodiscard]] std::size_t next(std::span<PacketPlan> out) override;
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
  /// Plans that are in here: delayed, or not fetched yet.
  [[nodiscard]] std::size_t held() const noexcept;

 private:
  static constexpr std::size_t kBurst = 64;

  [[nodiscard]] bool fill_ready();
  void take(PacketPlan plan);
  void mirror(const PacketPlan& plan, std::uint64_t ordinal);
  void send(PacketPlan plan, std::uint64_t ordinal);
  void hold(const PacketPlan& plan, std::uint64_t ordinal, std::uint64_t packets);
  void release_until(std::uint64_t time_ns);
  void release_due();
  void transmit(const PacketPlan& plan, std::uint64_t ordinal);
  void arrive(PacketPlan plan);
  void finish();

  PlanSource& from_;
  Faults faults_;
  Sources sources_;
  std::uint64_t seed_;
  bool any_;  ///< fault is asked for
  Counts counts_;
  std::array<PacketPlan, kBurst> burst_;
  std::size_t burst_at_ = 0, burst_end_ = 0;
  bool ended_ = false;
  std::uint64_t sent_ = 0;     ///< packets that sources sent, lost ones included
  std::uint64_t arrived_ = 0;  ///< packets that came to the reordering
  std::uint64_t last_ns_ = 0;  ///< time of the last plan that came out
  HeldPlans repeats_;          ///< copies that are yet to be sent
  HeldPlans late_;             ///< packets that are being overtaken
  PlanQueue ready_;
};

}  // namespace mirrorscan::traffic
