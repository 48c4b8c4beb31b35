#include "traffic/segment_law.h"

#include <algorithm>
#include <utility>

#include "traffic/capture_payloads.h"

namespace mirrorscan::traffic {
namespace {

constexpr std::uint16_t kImix[] = {64, 64, 64, 64, 64, 64, 64, 594, 594, 594, 594, 1518};
constexpr std::uint32_t kShortestFrame = 64;

}  // namespace

Result<SegmentLaw> SegmentLaw::make(const Flows& flows) {
  SegmentLaw law;
  law.mss_ = flows.mss;
  if (flows.sizes == SizeLaw::fixed) law.frames_ = {static_cast<std::uint16_t>(flows.frame_bytes)};
  if (flows.sizes == SizeLaw::imix) law.frames_.assign(std::begin(kImix), std::end(kImix));
  if (flows.sizes == SizeLaw::fixed || flows.sizes == SizeLaw::imix) law.pad_to_ = kShortestFrame;
  if (flows.sizes != SizeLaw::capture) return law;
  auto frames = frame_sizes(flows.sizes_capture);
  if (!frames) return frames.error();
  law.frames_ = std::move(frames).value();
  return law;
}

std::uint32_t SegmentLaw::payload(std::size_t headers, std::uint64_t drawn) const noexcept {
  if (!sized()) return mss_;
  const std::uint32_t frame = frames_[(drawn >> 32) * frames_.size() >> 32];
  const std::uint32_t least = static_cast<std::uint32_t>(headers) + 1;
  return std::min(std::max(frame, least) - static_cast<std::uint32_t>(headers), kMostSegmentBytes);
}

}  // namespace mirrorscan::traffic
