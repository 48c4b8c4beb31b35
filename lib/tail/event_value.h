#pragma once
// Values inside an event, by their path; a ring is foreign input, so that each may be missing or of another
// type.

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace mirrorscan::tail {

using Path = std::initializer_list<const char*>;

/// Nothing unless it is an integer of 0 or more.
[[nodiscard]] std::optional<std::uint64_t> number_at(const nlohmann::json& event, Path path);
/// The sum of these numbers of the objects in a list.
[[nodiscard]] std::uint64_t sum_at(const nlohmann::json& event, Path list, const char* key);
/// Empty unless it is a string.
[[nodiscard]] std::string text_at(const nlohmann::json& event, Path path);
[[nodiscard]] std::optional<bool> truth_at(const nlohmann::json& event, Path path);
[[nodiscard]] std::optional<double> decimal_at(const nlohmann::json& event, Path path);
/// The VNI: mirror.vni, or N of the label "vni:N" in traffic.label (docs/eve.md).
[[nodiscard]] std::optional<std::uint64_t> vni_of(const nlohmann::json& event);

}  // namespace mirrorscan::tail
