#pragma once
// The standard classification of rules: what `classtype` says about category and priority.

#include <cstdint>
#include <string_view>

namespace mirrorscan::rules {

struct Classtype {
  std::string_view name;      ///< as written in rules, lower case
  std::string_view category;  ///< alert.category in EVE
  std::uint32_t priority;     ///< 1 is the gravest
};

inline constexpr std::uint32_t kDefaultPriority = 3;

/// In any case; nullptr when it is not one of the standard classes.
[[nodiscard]] const Classtype* find_classtype(std::string_view name);

}  // namespace mirrorscan::rules
