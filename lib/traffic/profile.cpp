#include "traffic/profile.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "traffic/faults_check.h"
#include "traffic/field_range.h"

namespace mirrorscan::traffic {
namespace {

constexpr double kMostRate = 1e9, kLeastRate = 1, kMostArrivals = 1e7, kMostLifetime = 2'500,
                 kLeastLifetime = 1e-3;
constexpr std::int64_t kLatestStart = 4'000'000'000'000'000;
constexpr std::uint32_t kVnis = 1 << 24, kMostSources = 65'536;

[[nodiscard]] Status check_arrivals(const Flows& flows) {
  if (!within<std::uint64_t>(flows.concurrent, 10, 10'000'000))
    return out_of_range("flows", "give 10 to 10,000,000");
  if (!within(flows.per_second, 0.0, kMostArrivals))
    return out_of_range("per_second", "give 0 to 10,000,000 flows");
  const double lifetime =
      flows.per_second > 0 ? static_cast<double>(flows.concurrent) / flows.per_second : flows.lifetime_s;
  if (within(lifetime, kLeastLifetime, kMostLifetime)) return success();
  if (flows.per_second <= 0) return out_of_range("lifetime_s", "give 0.001 to 2,500 seconds");
  return Error{"per_second", fmt::format("makes flows live for {} s", lifetime),
               "give as many as make it 0.001 to 2,500 seconds with the flows that live at once"};
}

[[nodiscard]] Status check_payload(const Flows& flows) {
  for (const double weight : flows.mix)
    if (!within(weight, 0.0, 1e9)) return out_of_range("mix", "give weights from 0 to 1,000,000,000");
  if (std::accumulate(flows.mix.begin(), flows.mix.end(), 0.0) <= 0)
    return out_of_range("mix", "give a weight above 0");
  if (!within(flows.ipv6_share, 0.0, 1.0)) return out_of_range("ipv6_share", "give a share from 0 to 1");
  if (!within(flows.frame_bytes, 64U, 9'000U)) return out_of_range("frame_bytes", "give 64 to 9,000 bytes");
  if (!within(flows.mss, 1U, 8'940U)) return out_of_range("mss", "give 1 to 8,940 bytes");
  if (flows.data_packets > kMostDataPackets) return out_of_range("data_packets", "give 0 to 400,000");
  if ((flows.sizes == SizeLaw::capture) != flows.sizes_capture.empty()) return success();
  return Error{"sizes_capture", "sizes of a capture need the capture, and it needs them",
               "give both or none"};
}

[[nodiscard]] Status check(const Mirrors& mirrors) {
  if (mirrors.vnis == 0 || !within<std::uint64_t>(std::uint64_t{mirrors.first_vni} + mirrors.vnis, 1, kVnis))
    return out_of_range("vnis", "give at least one, and none above 16,777,215");
  const std::uint64_t sources = std::uint64_t{mirrors.vnis} * mirrors.sources_per_vni;
  if (!within<std::uint64_t>(sources, 1, kMostSources))
    return out_of_range("sources_per_vni", "give at least one, and at most 65,536 of all VNIs together");
  return success();
}

[[nodiscard]] Status check(const Attacks& attacks) {
  if (!within(attacks.share, 0.0, 1.0)) return out_of_range("attacks.share", "give a share from 0 to 1");
  if (!within(attacks.occurrences, 1U, 8U)) return out_of_range("attacks.occurrences", "give 1 to 8");
  if (!within(attacks.most_segments, 1U, 16U)) return out_of_range("attacks.most_segments", "give 1 to 16");
  return success();
}

}  // namespace

Status check(const Profile& profile) {
  if (!within(profile.seconds, 0.0, 1e9)) return out_of_range("seconds", "give 0 to 1,000,000,000");
  if (profile.packet_rate != 0 && !within(profile.packet_rate, kLeastRate, kMostRate))
    return out_of_range("packet_rate", "give 0 (as the flows make it) or 1 to 1,000,000,000");
  if (!within<std::int64_t>(profile.start_us, 0, kLatestStart))
    return out_of_range("start_us", "give 0 to 4,000,000,000,000,000 microseconds");
  for (const Status& part :
       {check_arrivals(profile.flows), check_payload(profile.flows), check(profile.mirrors),
        check(profile.faults, profile.mirrors), check(profile.attacks)})
    if (!part) return part;
  return success();
}

}  // namespace mirrorscan::traffic
