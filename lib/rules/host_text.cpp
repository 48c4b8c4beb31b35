#include "rules/host_text.h"

#include <array>
#include <string_view>

namespace mirrorscan::rules {
namespace {

using signature::HostBit;
using signature::Suppression;
using signature::Threshold;
using signature::ThresholdKind;

// All in the order of their enums.
constexpr std::array<std::string_view, 5> kKinds{"limit", "threshold", "both", "detection_filter",
                                                 "rate_filter"};
constexpr std::array<std::string_view, 5> kTracks{"by_src", "by_dst", "by_both", "by_rule", "by_flow"};
constexpr std::array<std::string_view, 5> kCommands{"set", "unset", "toggle", "isset", "isnotset"};
constexpr std::array<std::string_view, 3> kHosts{"ip_src", "ip_dst", "ip_pair"};
constexpr std::array<std::string_view, 4> kSuppressed{"always", "by source", "by destination",
                                                      "by either side"};

template <class Enum, std::size_t N>
std::string word(const std::array<std::string_view, N>& words, Enum value) {
  return std::string(words[static_cast<std::size_t>(value)]);
}

std::string text_of(const HostBit& bit) {
  return "xbits " + word(kCommands, bit.command) + "," + bit.name + ",track " + word(kHosts, bit.track) +
         (bit.asks() ? "" : ",expire " + std::to_string(bit.expire_s));
}

std::string text_of(const Threshold& t) {
  const bool named = t.kind == ThresholdKind::detection_filter || t.kind == ThresholdKind::rate_filter;
  std::string out = named ? word(kKinds, t.kind) + " " : "threshold type " + word(kKinds, t.kind) + ", ";
  out += "track " + word(kTracks, t.track) + ", count " + std::to_string(t.count) + ", seconds " +
         std::to_string(t.seconds);
  if (t.kind == ThresholdKind::rate_filter)
    out += ", timeout " + std::to_string(t.timeout_s) + (t.silent_beyond_rate ? ", new_action pass" : "");
  return out;
}

}  // namespace

std::vector<std::string> describe(const signature::HostPart& host) {
  std::vector<std::string> out;
  for (const HostBit& bit : host.conditions) out.push_back(text_of(bit));
  for (const HostBit& bit : host.effects) out.push_back(text_of(bit));
  for (const Suppression& suppression : host.suppressions)
    out.push_back("suppress " + word(kSuppressed, suppression.track));
  if (host.threshold) out.push_back(text_of(*host.threshold));
  return out;
}

}  // namespace mirrorscan::rules
