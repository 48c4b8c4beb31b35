#pragma once
// All of a profile's traffic: conversations or a capture, and the faults on the way.

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"
#include "traffic/book.h"
#include "traffic/capture_source.h"
#include "traffic/conversation.h"
#include "traffic/faults.h"
#include "traffic/flow_source.h"
#include "traffic/plan.h"
#include "traffic/profile.h"

namespace mirrorscan::traffic {

/// Ends where the profile's packets, its seconds or its capture do.
class Generator final : public PlanSource {
 public:
  /// `attacks` (or nullptr) outlives this. Errors: those of check(), Books::make(), FlowSource::make()
  /// and CaptureSource::open().
  [[nodiscard]] static Result<std::unique_ptr<Generator>> make(const Profile& profile,
                                                               const AttackPlan* attacks = nullptr);

  [[nodiscard]] std::size_t next(std::span<PacketPlan> out) override;

  [[nodiscard]] std::uint64_t flows_begun() const noexcept;
  /// Of conversations; of a capture all its flows.
  [[nodiscard]] std::uint64_t flows_live() const noexcept;
  /// Where the profile's seconds end the traffic, `out` counts the rest of the last burst too.
  [[nodiscard]] const FaultSource::Counts& fault_counts() const noexcept { return faults_->counts(); }

 private:
  explicit Generator(const Profile& profile) : packets_(profile.packets), seconds_(profile.seconds) {}
  [[nodiscard]] Status open(const Profile& profile, const AttackPlan* attacks);
  [[nodiscard]] std::size_t in_time(std::span<const PacketPlan> plans);

  std::uint64_t packets_;  ///< 0 = without end
  double seconds_;         ///< the same
  Books books_;
  std::unique_ptr<FlowSource> flows_;       ///< either this
  std::unique_ptr<CaptureSource> capture_;  ///< or this
  std::unique_ptr<FaultSource> faults_;
  std::uint64_t given_ = 0;
  bool ended_ = false;
};

}  // namespace mirrorscan::traffic
