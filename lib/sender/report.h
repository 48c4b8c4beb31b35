#pragma once
// What a run tells at its end: named figures in sections, as text for people and as one JSON object.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mirrorscan::sender {

using Value = std::variant<bool, std::uint64_t, double, std::string>;

/// Names are those of the JSON, with their units: "achieved_pps", "p99_us".
struct Figure {
  std::string name;
  Value value;
};

struct Section {
  std::string name;  ///< "rate"; "kinds.http" stands inside "kinds"
  std::vector<Figure> figures;
};

struct Report {
  std::vector<Section> sections;
  std::vector<std::string> warnings;  ///< whole sentences

  void add(std::string name, std::vector<Figure> figures) {
    sections.push_back({std::move(name), std::move(figures)});
  }
};

/// A line a figure, ending in a newline; warnings last.
[[nodiscard]] std::string text_of(const Report& report);
/// {"rate": {"asked_pps": ...}, "kinds": {"http": {...}}, ..., "warnings": [...]} and a newline.
[[nodiscard]] std::string json_of(const Report& report);

}  // namespace mirrorscan::sender
