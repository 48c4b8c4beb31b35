#pragma once
// One file compiles the JSON parser, which takes seconds, for all tests of the exporter.

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace mirrorscan {

using Json = nlohmann::ordered_json;

/// Fails the test when the text is no JSON.
[[nodiscard]] Json parse_json(const std::string& text);

}  // namespace mirrorscan
