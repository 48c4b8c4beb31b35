#pragma once
// What becomes of each rule of the file when traffic is made from it.

#include <cstdint>
#include <string>

namespace mirrorscan::truth {

enum class Fate : std::uint8_t {
  planted,        ///< attacks are made from it
  not_plantable,  ///< no attack is made from it; where another one's bytes match it, its alerts are foreseen
  excluded,       ///< its alerts are not foreseen: ordinary traffic may match it, or it is not understood
};

struct RuleFate {
  Fate fate = Fate::planted;
  std::string reason;  ///< empty for planted rules
};

}  // namespace mirrorscan::truth
