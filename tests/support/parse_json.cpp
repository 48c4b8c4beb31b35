#include "support/parse_json.h"

#include <nlohmann/json.hpp>

#include "support/catch.h"

namespace mirrorscan {

Json parse_json(const std::string& text) {
  constexpr bool kThrow = false;
  Json json = Json::parse(text, nullptr, kThrow);
  INFO(text);
  REQUIRE_FALSE(json.is_discarded());
  return json;
}

}  // namespace mirrorscan
