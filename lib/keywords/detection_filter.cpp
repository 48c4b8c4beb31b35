#include "keywords/detection_filter.h"

#include <array>
#include <limits>
#include <string>

#include "keywords/arguments.h"
#include "keywords/named_values.h"
#include "keywords/threshold.h"

namespace mirrorscan::keywords {
namespace {

constexpr std::string_view kKeyword = "detection_filter";

Result<signature::Threshold> filter_of(std::string_view args) {
  constexpr std::array<std::string_view, 3> kNames{"track", "count", "seconds"};
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  const auto values = named_values(args, kKeyword, kNames);
  if (!values) return values.error();
  for (const std::string_view value : values.value())
    if (value.empty())
      return refuse("detection_filter: track, count or seconds is missing",
                    "write track by_src, count 5, seconds 60 or the like");
  signature::Threshold out;
  out.kind = signature::ThresholdKind::detection_filter;
  const auto track = track_of(values.value()[0], kKeyword);
  if (!track) return track.error();
  out.track = track.value();
  const auto count = number_between(values.value()[1], kKeyword, 1, kMost);
  if (!count) return count.error();
  out.count = static_cast<std::uint32_t>(count.value());
  const auto seconds = number_between(values.value()[2], kKeyword, 1, kMost);
  if (!seconds) return seconds.error();
  out.seconds = static_cast<std::uint32_t>(seconds.value());
  return out;
}

}  // namespace

Status parse_detection_filter(std::string_view args, Draft& draft) {
  return add_threshold(filter_of(args), kKeyword, draft);
}

}  // namespace mirrorscan::keywords
