#include "keywords/threshold.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "keywords/arguments.h"
#include "keywords/named_values.h"

namespace mirrorscan::keywords {
namespace {

using signature::Threshold;
using signature::ThresholdKind;
using signature::ThresholdTrack;

constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();

struct TrackWord {
  std::string_view name;
  ThresholdTrack track;
};
constexpr TrackWord kTracks[] = {{"by_src", ThresholdTrack::by_src},
                                 {"by_dst", ThresholdTrack::by_dst},
                                 {"by_both", ThresholdTrack::by_both},
                                 {"by_rule", ThresholdTrack::by_rule},
                                 {"by_flow", ThresholdTrack::by_flow}};

struct KindWord {
  std::string_view name;
  ThresholdKind kind;
};
constexpr KindWord kKinds[] = {
    {"limit", ThresholdKind::limit}, {"threshold", ThresholdKind::threshold}, {"both", ThresholdKind::both}};

}  // namespace

Result<ThresholdTrack> track_of(std::string_view word, std::string_view keyword) {
  const auto* row = std::find_if(std::begin(kTracks), std::end(kTracks),
                                 [word](const TrackWord& known) { return known.name == word; });
  if (row != std::end(kTracks)) return row->track;
  return refuse(std::string(keyword) + ": cannot track '" + std::string(word) + "'",
                "write track by_src, by_dst, by_both, by_rule or by_flow");
}

Result<Threshold> threshold_of(std::string_view args, std::string_view keyword) {
  constexpr std::array<std::string_view, 4> kNames{"type", "track", "count", "seconds"};
  const auto values = named_values(args, keyword, kNames);
  if (!values) return values.error();
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (values.value()[i].empty())
      return refuse(std::string(keyword) + ": " + std::string(kNames[i]) + " is missing",
                    "write type limit, track by_src, count 1, seconds 60 or the like");
  Threshold out;
  const std::string_view type = values.value()[0];
  const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [type](const KindWord& known) { return known.name == type; });
  if (kind == std::end(kKinds))
    return refuse(std::string(keyword) + ": type '" + std::string(type) + "' is not known",
                  "write limit, threshold or both");
  out.kind = kind->kind;
  const auto track = track_of(values.value()[1], keyword);
  if (!track) return track.error();
  out.track = track.value();
  const auto count = number_between(values.value()[2], keyword, 0, kMost);
  if (!count) return count.error();
  out.count = static_cast<std::uint32_t>(count.value());
  const auto seconds = number_between(values.value()[3], keyword, 0, kMost);
  if (!seconds) return seconds.error();
  out.seconds = static_cast<std::uint32_t>(seconds.value());
  return out;
}

Status add_threshold(const Result<Threshold>& threshold, std::string_view keyword, Draft& draft) {
  if (!threshold) return threshold.error();
  if (draft.rule.host.threshold)
    return refuse(std::string(keyword) + ": the rule has a threshold or detection_filter already",
                  "keep one of the two");
  draft.rule.host.threshold = threshold.value();
  return success();
}

Status parse_threshold(std::string_view args, Draft& draft) {
  return add_threshold(threshold_of(args, "threshold"), "threshold", draft);
}

}  // namespace mirrorscan::keywords
