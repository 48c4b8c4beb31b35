#include "traffic/generator.h"

#include <algorithm>
#include <utility>

namespace mirrorscan::traffic {

Result<std::unique_ptr<Generator>> Generator::make(const Profile& profile, const AttackPlan* attacks) {
  if (const Status good = check(profile); !good) return good.error();
  std::unique_ptr<Generator> out(new Generator(profile));
  if (const Status opened = out->open(profile, attacks); !opened) return opened.error();
  return out;
}

Status Generator::open(const Profile& profile, const AttackPlan* attacks) {
  if (!profile.replayed.capture.empty()) {
    auto capture = CaptureSource::open(profile);
    if (!capture) return capture.error();
    capture_ = std::move(capture).value();
    faults_ = std::make_unique<FaultSource>(*capture_, profile);
    return success();
  }
  auto books = Books::make(profile);
  if (!books) return books.error();
  books_ = std::move(books).value();
  auto flows = FlowSource::make(profile, books_, attacks);
  if (!flows) return flows.error();
  flows_ = std::move(flows).value();
  faults_ = std::make_unique<FaultSource>(*flows_, profile);
  return success();
}

std::size_t Generator::next(std::span<PacketPlan> out) {
  if (ended_ || out.empty()) return 0;
  const std::uint64_t wanted =
      packets_ == 0 ? out.size() : std::min<std::uint64_t>(out.size(), packets_ - given_);
  const std::size_t count = in_time(out.first(faults_->next(out.first(wanted))));
  given_ += count;
  ended_ = ended_ || count == 0 || given_ == packets_;
  return count;
}

/// How many of them come before the traffic's end.
std::size_t Generator::in_time(std::span<const PacketPlan> plans) {
  if (seconds_ <= 0) return plans.size();
  const auto late = [this](const PacketPlan& plan) {
    return static_cast<double>(plan.time_ns) >= seconds_ * 1e9;
  };
  const auto first_late = std::find_if(plans.begin(), plans.end(), late);
  ended_ = first_late != plans.end();
  return static_cast<std::size_t>(first_late - plans.begin());
}

std::uint64_t Generator::flows_begun() const noexcept {
  return flows_ != nullptr ? flows_->flows_begun() : capture_->flows();
}

std::uint64_t Generator::flows_live() const noexcept {
  return flows_ != nullptr ? flows_->flows_live() : capture_->flows();
}

}  // namespace mirrorscan::traffic
