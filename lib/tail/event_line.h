#pragma once
// One readable line an event.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace mirrorscan::tail {

enum class Color : std::uint8_t { never, always };

/// What two stats events have to be compared by.
struct StatsMark {
  std::uint64_t packets = 0, uptime_s = 0;
};

/// Without a newline; strings of the event are made printable.
/// alert    time, severity, sid, message, 5-tuple, VNI and tenant, direction
/// flow     time, state, 5-tuple, packets and bytes of both directions, VNI and tenant
/// anomaly  time, what, 5-tuple, VNI and tenant, what it means
/// stats    time, packets a second since `last`, which it updates; kernel drops, packets lost, events lost
///          before and by the sinks, coverage, alerts
/// Empty for any other type.
[[nodiscard]] std::string event_line(std::string_view type, const nlohmann::json& event, StatsMark& last,
                                     Color color);

}  // namespace mirrorscan::tail
