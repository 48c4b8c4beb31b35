#include "tail/printer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "tail/event_value.h"
#include "tail/printable.h"

namespace mirrorscan::tail {
namespace {

using Json = nlohmann::json;

/// By the record; types that it does not tell apart, by the event.
std::string type_of(const ring::JsonRecord& record, const Json& event) {
  switch (record.type) {
    case ring::RecordType::alert: return "alert";
    case ring::RecordType::flow: return "flow";
    case ring::RecordType::anomaly: return "anomaly";
    case ring::RecordType::stats: return "stats";
  }
  std::string type = text_at(event, {"event_type"});
  return type.empty() ? "type " + std::to_string(static_cast<std::uint32_t>(record.type)) : type;
}

}  // namespace

Printer::Printer(Filter filter, Form form, Color color, Numbers numbers)
    : filter_(std::move(filter)), form_(form), color_(color), numbers_(numbers) {}

std::optional<std::string> Printer::line(const ring::JsonRecord& record) {
  const std::optional<std::string> line = unnumbered(record);
  if (!line) return std::nullopt;
  if (numbers_ == Numbers::hidden) return *line + '\n';
  if (form_ == Form::text) return fmt::format("{}  {}\n", record.sequence, *line);
  return fmt::format("{{\"seq\":{},\"event\":{}}}\n", record.sequence, *line);
}

std::optional<std::string> Printer::unnumbered(const ring::JsonRecord& record) {
  const bool filtered = filter_.asks_for_anything();
  if (form_ == Form::json && !filtered) return one_line(record.json);
  const Json event = Json::parse(record.json, nullptr, false);
  if (filtered && event.is_discarded()) return std::nullopt;
  if (event.is_discarded()) return "not JSON  " + printable(record.json);
  const std::string type = type_of(record, event);
  if (!passes(filter_, type, event)) return std::nullopt;
  if (form_ == Form::json) return one_line(record.json);
  std::string line = event_line(type, event, last_, color_);
  if (!line.empty()) return line;
  // As it came: to write nested values out anew takes as much stack as a stranger likes.
  return printable(type) + "  " + printable(record.json);
}

}  // namespace mirrorscan::tail
