#include "tail/event_value.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

namespace mirrorscan::tail {

using Json = nlohmann::json;

namespace {

/// Null when there is no such value.
const Json* value_at(const Json& event, Path path) {
  const Json* at = &event;
  for (const char* key : path) {
    const auto found = at->find(key);  // end() of anything that is not an object
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

}  // namespace

std::optional<std::uint64_t> number_at(const Json& event, Path path) {
  const Json* value = value_at(event, path);
  if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
  return value->get<std::uint64_t>();
}

std::uint64_t sum_at(const Json& event, Path list, const char* key) {
  const Json* objects = value_at(event, list);
  if (objects == nullptr || !objects->is_array()) return 0;
  std::uint64_t sum = 0;
  for (const Json& object : *objects) sum += number_at(object, {key}).value_or(0);
  return sum;
}

std::string text_at(const Json& event, Path path) {
  const Json* value = value_at(event, path);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<bool> truth_at(const Json& event, Path path) {
  const Json* value = value_at(event, path);
  if (value == nullptr || !value->is_boolean()) return std::nullopt;
  return value->get<bool>();
}

std::optional<double> decimal_at(const Json& event, Path path) {
  const Json* value = value_at(event, path);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::optional<std::uint64_t> vni_of(const Json& event) {
  constexpr std::string_view kLabel = "vni:";
  if (const auto vni = number_at(event, {"mirror", "vni"})) return vni;
  const Json* labels = value_at(event, {"traffic", "label"});
  if (labels == nullptr || !labels->is_array()) return std::nullopt;
  for (const Json& label : *labels) {
    const std::string text = label.is_string() ? label.get<std::string>() : "";
    std::uint64_t vni = 0;
    if (!text.starts_with(kLabel)) continue;
    if (std::from_chars(text.data() + kLabel.size(), text.data() + text.size(), vni).ec == std::errc())
      return vni;
  }
  return std::nullopt;
}

}  // namespace mirrorscan::tail
