#include "sender/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace mirrorscan::sender {
namespace {

using Json = nlohmann::ordered_json;

[[nodiscard]] std::string text_of(const Value& value) {
  if (const bool* yes = std::get_if<bool>(&value)) return *yes ? "yes" : "no";
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
  if (const double* number = std::get_if<double>(&value)) return fmt::format("{:.7g}", *number);
  return std::get<std::string>(value);
}

/// The object of a section, made where it is not there yet.
[[nodiscard]] Json& at(Json& root, std::string_view name) {
  const std::size_t dot = name.find('.');
  Json& place = root[std::string(name.substr(0, dot))];
  return dot == std::string_view::npos ? place : at(place, name.substr(dot + 1));
}

}  // namespace

std::string text_of(const Report& report) {
  std::string out;
  for (const Section& section : report.sections) {
    out += section.name + "\n";
    for (const Figure& figure : section.figures)
      out += fmt::format("  {:<24} {}\n", figure.name, text_of(figure.value));
  }
  for (const std::string& warning : report.warnings) out += "warning: " + warning + "\n";
  return out;
}

std::string json_of(const Report& report) {
  Json root = Json::object();
  for (const Section& section : report.sections)
    for (const Figure& figure : section.figures)
      std::visit([&](const auto& value) { at(root, section.name)[figure.name] = value; }, figure.value);
  root["warnings"] = report.warnings;
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mirrorscan::sender
