#include "traffic/capture_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/mix.h"

namespace mirrorscan::traffic {
namespace {

[[nodiscard]] std::uint64_t divided_up(std::uint64_t what, std::uint64_t by) noexcept {
  return what / by + (what % by != 0 ? 1 : 0);
}

}  // namespace

Result<std::unique_ptr<CaptureSource>> CaptureSource::open(const Profile& profile) {
  Result<CaptureFrames> frames = read_capture(profile.replayed.capture);
  if (!frames) return frames.error();
  std::unique_ptr<CaptureSource> source(new CaptureSource(profile, std::move(frames).value()));
  if (const Status made = source->make_copies(profile.replayed); !made) return made.error();
  return source;
}

CaptureSource::CaptureSource(const Profile& profile, CaptureFrames frames)
    : frames_(std::move(frames)),
      flows_(follow_flows(frames_, hosts_)),
      sources_(profile.mirrors),
      seed_(profile.seed),
      packet_rate_(profile.packet_rate) {}

Status CaptureSource::make_copies(const Replayed& wanted) {
  const std::uint64_t fixed = fixed_flows();
  const std::uint64_t more_flows = wanted.until_flows - std::min(wanted.until_flows, fixed);
  if (more_flows > 0 && flows_.moving == 0)
    return Error{wanted.capture, "has no flow that could be copied to other addresses",
                 "give a capture of IP traffic, or ask for packets only"};
  std::uint64_t copies = std::max<std::uint64_t>(1, divided_up(wanted.until_packets, frames_.frames.size()));
  if (more_flows > 0) copies = std::max(copies, divided_up(more_flows, flows_.moving));
  if (copies > kMostCopies)
    return Error{wanted.capture, fmt::format("{} copies are more than {}", copies, kMostCopies),
                 "ask for fewer packets and flows, or give a larger capture"};
  copies_ = static_cast<std::uint32_t>(copies);
  if (const Status room = hosts_.make_room(copies_); !room) return room;
  // The copies in the order of their begin are a heap already.
  for (std::uint32_t copy = 0; copy < copies_; ++copy) cursors_.push_back({time_of(copy, 0), copy, 0});
  return success();
}

std::uint32_t CaptureSource::fixed_flows() const noexcept {
  return static_cast<std::uint32_t>(flows_.flows.size()) - flows_.moving;
}

std::uint64_t CaptureSource::packets() const noexcept {
  return std::uint64_t{copies_} * frames_.frames.size();
}

std::uint64_t CaptureSource::flows() const noexcept {
  return fixed_flows() + std::uint64_t{copies_} * flows_.moving;
}

std::uint64_t CaptureSource::time_of(std::uint32_t copy, std::uint32_t frame) const noexcept {
  // Divided first: a duration in nanoseconds times copies may not fit into 64 bits.
  return copy * (frames_.frames.back().time_ns / copies_) + frames_.frames[frame].time_ns;
}

std::size_t CaptureSource::next(std::span<PacketPlan> out) {
  const auto later = [](const Cursor& a, const Cursor& b) {
    return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.copy > b.copy;
  };
  std::size_t count = 0;
  for (; count < out.size() && !cursors_.empty(); ++count) {
    std::pop_heap(cursors_.begin(), cursors_.end(), later);
    Cursor& at = cursors_.back();
    out[count] = plan_of(at);
    ++given_;
    if (++at.frame == frames_.frames.size()) {
      cursors_.pop_back();
      continue;
    }
    at.time_ns = time_of(at.copy, at.frame);
    std::push_heap(cursors_.begin(), cursors_.end(), later);
  }
  return count;
}

PacketPlan CaptureSource::plan_of(const Cursor& at) const noexcept {
  PacketPlan plan;
  plan.time_ns = packet_rate_ > 0 ? even_time_ns(given_, packet_rate_) : at.time_ns;
  plan.captured = frames_.view(frames_.frames[at.frame]);
  plan.hosts = &hosts_;
  plan.hosts_copy = at.copy;
  const std::uint64_t hosts = std::uint64_t{flows_.places[at.frame].pair} << 32 | at.copy;
  plan.source = static_cast<std::uint32_t>(mix(seed_, hosts) % sources_.count());
  place_in_flow(plan, at);
  return plan;
}

void CaptureSource::place_in_flow(PacketPlan& plan, const Cursor& at) const noexcept {
  const CaptureFlows::Place& place = flows_.places[at.frame];
  if (place.flow == kFrameOfNoFlow) {
    plan.flow = kNoFlow;
    plan.ends = {.version = IpVersion::none, .protocol = 0};
    return;
  }
  const CaptureFlow& flow = flows_.flows[place.flow];
  plan.direction = place.direction;
  plan.flow = flow.moves ? fixed_flows() + std::uint64_t{at.copy} * flows_.moving + flow.number : flow.number;
  plan.ends = flow.ends;
  plan.ends.client = hosts_.of_copy(flow.ends.version, flow.ends.client, at.copy);
  plan.ends.server = hosts_.of_copy(flow.ends.version, flow.ends.server, at.copy);
}

}  // namespace mirrorscan::traffic
