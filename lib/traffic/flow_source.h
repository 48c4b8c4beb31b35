#pragma once
// Conversations of many flows at once, as plans.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "traffic/book.h"
#include "traffic/conversation.h"
#include "traffic/flow.h"
#include "traffic/flow_calendar.h"
#include "traffic/flow_script.h"
#include "traffic/plan.h"

namespace mirrorscan::traffic {

/// `Flows::concurrent` slots, in each of which one flow follows another. Flows live 0.5 to 1.5 mean lifetimes
/// and spread their packets evenly over it; the slots' first flows begin evenly over one mean lifetime, so
/// that as many flows live from then on, and as many begin and end in each second. Two packets of a flow are
/// at least Flow::kGapNs apart: where lifetimes are too short for that, flows live longer and fewer begin.
/// Without end. Cost: two or three cold cache lines a packet; 72 to 80 bytes a flow, 774 MB for ten million.
class FlowSource final : public PlanSource {
 public:
  /// `books` and `attacks` (or nullptr) outlive this and all its plans. The profile has passed check().
  /// Errors: those of SegmentLaw::make().
  [[nodiscard]] static Result<std::unique_ptr<FlowSource>> make(const Profile& profile, const Books& books,
                                                                const AttackPlan* attacks);

  [[nodiscard]] std::size_t next(std::span<PacketPlan> out) override;

  [[nodiscard]] std::uint64_t flows_begun() const noexcept { return begun_; }
  [[nodiscard]] std::uint64_t flows_live() const noexcept {
    return std::min<std::uint64_t>(begun_, flows_.size());
  }
  /// Seconds that a flow lives on the average.
  [[nodiscard]] double lifetime_s() const noexcept { return lifetime_ns_ / 1e9; }

 private:
  FlowSource(const Profile& profile, FlowScript script);
  [[nodiscard]] double expected_interval_ns() const;
  void begin(Flow& flow);
  [[nodiscard]] PacketPlan plan_of(const Flow& flow, const Said& said) const;
  [[nodiscard]] std::uint64_t time_of(std::uint64_t flow_ns) noexcept;

  FlowScript script_;
  double lifetime_ns_;
  double packet_rate_;  ///< 0 = as the lifetimes make it
  std::vector<Flow> flows_;
  FlowCalendar calendar_;
  std::uint64_t begun_ = 0, given_ = 0;
};

}  // namespace mirrorscan::traffic
