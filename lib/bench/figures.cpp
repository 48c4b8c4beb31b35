#include "bench/figures.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace mirrorscan::bench {
namespace {

using Json = nlohmann::ordered_json;
using Columns = std::vector<std::pair<std::string, std::vector<double>>>;

std::string key(std::string_view name) {
  return std::string(name);
}

void collect(const Json& from, const std::string& path, Columns& columns) {
  if (from.is_object()) {
    for (const auto& [name, value] : from.items())
      collect(value, path.empty() ? name : path + "." + name, columns);
  } else if (from.is_number()) {
    auto column =
        std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.first == path; });
    if (column == columns.end()) column = columns.insert(columns.end(), {path, {}});
    column->second.push_back(from.get<double>());
  }
}

double median(const std::vector<double>& sorted) {
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

}  // namespace

Figures::Figures() : json_(std::make_unique<Json>(Json::object())) {}
Figures::Figures(Figures&&) noexcept = default;
Figures& Figures::operator=(Figures&&) noexcept = default;
Figures::~Figures() = default;

Figures& Figures::count(std::string_view name, std::uint64_t value) {
  (*json_)[key(name)] = value;
  return *this;
}

Figures& Figures::number(std::string_view name, double value) {
  (*json_)[key(name)] = std::isfinite(value) ? Json(value) : Json(nullptr);
  return *this;
}

Figures& Figures::text(std::string_view name, std::string_view value) {
  (*json_)[key(name)] = key(value);
  return *this;
}

Figures& Figures::truth(std::string_view name, bool value) {
  (*json_)[key(name)] = value;
  return *this;
}

Figures& Figures::none(std::string_view name) {
  (*json_)[key(name)] = nullptr;
  return *this;
}

Figures& Figures::words(std::string_view name, const std::vector<std::string>& values) {
  (*json_)[key(name)] = values;
  return *this;
}

Figures& Figures::object(std::string_view name, Figures value) {
  (*json_)[key(name)] = std::move(*value.json_);
  return *this;
}

Figures& Figures::append(std::string_view name, Figures value) {
  Json& list = (*json_)[key(name)];
  if (!list.is_array()) list = Json::array();
  list.push_back(std::move(*value.json_));
  return *this;
}

Figures Figures::summary_of(std::string_view name) const {
  Columns columns;
  if (const auto list = json_->find(key(name)); list != json_->end())
    for (const Json& entry : *list) collect(entry, "", columns);
  Figures summary;
  for (auto& [path, values] : columns) {
    std::sort(values.begin(), values.end());
    Figures row;
    row.number("median", median(values)).number("min", values.front()).number("max", values.back());
    summary.object(path, std::move(row));
  }
  return summary;
}

double Figures::number_at(std::string_view name) const {
  const auto field = json_->find(key(name));
  return field != json_->end() && field->is_number() ? field->get<double>() : 0;
}

std::string Figures::text() const {
  return json_->dump(2);
}

}  // namespace mirrorscan::bench
