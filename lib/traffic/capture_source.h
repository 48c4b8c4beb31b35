#pragma once
// The packets of a capture as traffic: its flows copied to new addresses until there is enough of them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "traffic/capture_flows.h"
#include "traffic/capture_frames.h"
#include "traffic/hosts.h"
#include "traffic/plan.h"
#include "traffic/profile.h"
#include "traffic/sources.h"

namespace mirrorscan::traffic {

/// Copies of a capture that run at once. N copies begin an Nth of its duration apart: begun together they
/// would send each payload N times in a row, and caches would make an inspector look fast. Copy 0 has the
/// capture's own addresses (hosts.h). What two hosts say comes from one mirror source, fragments and ICMP
/// errors included, as from a network interface.
class CaptureSource final : public PlanSource {
 public:
  /// What copies may be made: 16 bytes are kept of each.
  static constexpr std::uint64_t kMostCopies = 1 << 24;

  /// Reads profile.replayed.capture whole. Errors: those of read_capture(); more copies than kMostCopies or
  /// than there are addresses; flows are asked for and the capture has none.
  [[nodiscard]] static Result<std::unique_ptr<CaptureSource>> open(const Profile& profile);

  /// The plans' `captured` and `hosts` lie here: valid as long as this is.
  [[nodiscard]] std::size_t next(std::span<PacketPlan> out) override;

  [[nodiscard]] std::uint32_t copies() const noexcept { return copies_; }
  /// Of all copies together.
  [[nodiscard]] std::uint64_t packets() const noexcept;
  /// Of all copies together: 5-tuples. Those between addresses that every copy shares count once.
  [[nodiscard]] std::uint64_t flows() const noexcept;
  /// CaptureFrames::left_out.
  [[nodiscard]] std::uint64_t left_out() const noexcept { return frames_.left_out; }
  [[nodiscard]] std::size_t hosts() const noexcept { return hosts_.count(); }

 private:
  struct Cursor {
    std::uint64_t time_ns;  ///< of the next frame
    std::uint32_t copy, frame;
  };

  CaptureSource(const Profile& profile, CaptureFrames frames);
  [[nodiscard]] Status make_copies(const Replayed& wanted);
  [[nodiscard]] std::uint32_t fixed_flows() const noexcept;
  [[nodiscard]] std::uint64_t time_of(std::uint32_t copy, std::uint32_t frame) const noexcept;
  [[nodiscard]] PacketPlan plan_of(const Cursor& at) const noexcept;
  void place_in_flow(PacketPlan& plan, const Cursor& at) const noexcept;

  CaptureFrames frames_;
  Hosts hosts_;
  CaptureFlows flows_;
  Sources sources_;
  std::uint64_t seed_;
  double packet_rate_;  ///< 0 = as the capture has it
  std::uint32_t copies_ = 1;
  std::uint64_t given_ = 0;
  std::vector<Cursor> cursors_;  ///< a heap: the copy whose next frame is the earliest in front
};

}  // namespace mirrorscan::traffic
