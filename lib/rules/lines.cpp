#include "rules/lines.h"

#include "rules/text.h"

namespace mirrorscan::rules {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

void append(LogicalLine& line, std::string_view part) {
  if (line.text.size() + part.size() > kMaxRuleBytes) {
    line.too_long = true;
    part = part.substr(0, kMaxRuleBytes - line.text.size());
  }
  line.text += part;
}

}  // namespace

LineReader::LineReader(std::string_view text) noexcept : rest_(text) {
  if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
}

std::string_view LineReader::physical_line() noexcept {
  const std::size_t end = rest_.find('\n');
  const std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  ++line_;
  return line;
}

std::optional<LogicalLine> LineReader::next() {
  LogicalLine out;
  while (!rest_.empty()) {
    std::string_view line = physical_line();
    if (out.number == 0) {
      const std::string_view visible = trimmed(line);
      if (visible.empty() || visible.front() == '#') continue;
      out.number = line_;
    }
    const std::size_t last = line.find_last_not_of(kBlanks);
    const bool goes_on = last != std::string_view::npos && line[last] == '\\';
    append(out, goes_on ? line.substr(0, last) : line);
    if (!goes_on) return out;
  }
  if (out.number == 0) return std::nullopt;
  return out;
}

}  // namespace mirrorscan::rules
