#pragma once
// Which events an operator wants to see.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mirrorscan::tail {

/// What is empty asks for nothing; an event has to satisfy all the rest. An event without the value that is
/// asked about (a flow has no sid, stats are of no one VNI) does not pass.
struct Filter {
  std::vector<std::string> types;  ///< any of these values of event_type
  std::optional<std::uint32_t>
      vni;  ///< mirror.vni, or the label "vni:N" of events without the object `mirror`
  std::optional<std::string> tenant;      ///< mirror.tenant
  std::optional<std::uint64_t> sid;       ///< alert.signature_id
  std::optional<std::uint64_t> severity;  ///< alert.severity, or more severe: a lower number

  [[nodiscard]] bool asks_for_anything() const noexcept {
    return !types.empty() || vni || tenant || sid || severity;
  }
};

/// \param type the event's, also when `event` is not an event of ours
[[nodiscard]] bool passes(const Filter& filter, std::string_view type, const nlohmann::json& event);

}  // namespace mirrorscan::tail
