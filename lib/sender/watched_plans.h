#pragma once
// Plans on their way to the sender, counted as they go by and shown to the ground truth.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "traffic/plan.h"
#include "traffic/profile.h"

namespace mirrorscan::sender {

/// Packets of one kind, or with an attack.
struct KindCounts {
  std::uint64_t packets = 0, payload_bytes = 0;
  std::uint64_t openings = 0;  ///< SYNs of TCP, of the first copy
};

/// What went by.
struct PlanCounts {
  std::array<KindCounts, traffic::kKinds> by_kind;
  KindCounts other;    ///< of a capture: none of the kinds' ports
  KindCounts attacks;  ///< in addition to those above
  std::uint64_t copies = 0, truncated = 0;
  std::vector<std::uint64_t> by_vni;  ///< packets, by VNI from the profile's first on
};

/// Not from a look into payloads: kinds are told by their servers' ports.
class WatchedPlans final : public traffic::PlanSource {
 public:
  using Look = std::function<void(std::span<const traffic::PacketPlan>)>;

  /// `from` must outlive it. `look` sees every plan in order; empty = nobody does.
  WatchedPlans(traffic::PlanSource& from, const traffic::Profile& profile, Look look);

  [[nodiscard]] std::size_t next(std::span<traffic::PacketPlan> out) override;
  /// After the end.
  [[nodiscard]] const PlanCounts& counts() const noexcept { return counts_; }

 private:
  void count(const traffic::PacketPlan& plan) noexcept;

  traffic::PlanSource& from_;
  std::uint32_t sources_per_vni_;
  Look look_;
  PlanCounts counts_;
};

}  // namespace mirrorscan::sender
