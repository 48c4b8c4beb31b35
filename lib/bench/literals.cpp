#include "bench/literals.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

namespace mirrorscan::bench {
namespace {

[[nodiscard]] std::optional<std::vector<std::uint8_t>> bytes_of(const std::string& hex) {
  if (hex.empty() || hex.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes(hex.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* at = hex.data() + 2 * i;
    const auto [end, error] = std::from_chars(at, at + 2, bytes[i], 16);
    if (error != std::errc{} || end != at + 2) return std::nullopt;
  }
  return bytes;
}

[[nodiscard]] std::optional<Literal> literal_of(const std::string& line, std::uint32_t number) {
  std::istringstream words(line);
  std::string hex, nocase, protocol;
  words >> hex >> nocase >> protocol;
  auto bytes = bytes_of(hex);
  if (!bytes || protocol.empty() || (nocase != "i" && nocase != "-")) return std::nullopt;
  return Literal{number, std::move(*bytes), nocase == "i", protocol == "udp"};
}

}  // namespace

Result<std::vector<Literal>> read_literals(const std::string& path, std::size_t count) {
  std::ifstream file(path);
  if (!file) return Error{path, "it cannot be read", "name a file with a line `HEX i|- PROTOCOL` a literal"};
  std::vector<Literal> literals;
  for (std::string line; (count == 0 || literals.size() < count) && std::getline(file, line);) {
    const auto number = static_cast<std::uint32_t>(literals.size() + 1);
    auto literal = literal_of(line, number);
    if (!literal)
      return Error{fmt::format("{}:{}", path, number), "it is no literal", "write `HEX i|- PROTOCOL`"};
    literals.push_back(std::move(*literal));
  }
  if (literals.size() < count || literals.empty())
    return Error{path, fmt::format("it has {} literals", literals.size()), "ask for as many at most"};
  return literals;
}

std::vector<Literal> literals_of(const ruleset::Ruleset& rules) {
  std::vector<Literal> literals;
  std::set<std::pair<std::vector<std::uint8_t>, bool>> seen;
  for (const signature::Rule& rule : rules.rules) {
    if (!rule.trigger || rule.trigger->length == 0) continue;
    std::string hex = rule.trigger->pattern;  // \xHH for each byte
    std::erase(hex, '\\');
    std::erase(hex, 'x');
    auto bytes = bytes_of(hex);
    if (!bytes || !seen.emplace(*bytes, rule.trigger->nocase).second) continue;
    literals.push_back(
        {static_cast<std::uint32_t>(literals.size() + 1), std::move(*bytes), rule.trigger->nocase, false});
  }
  return literals;
}

std::string rules_of(const std::vector<Literal>& literals, RuleProtocol protocol) {
  std::string text;
  for (const Literal& literal : literals) {
    const bool udp = literal.udp && protocol == RuleProtocol::as_listed;
    text += fmt::format(
        "alert {} any any -> any any (msg:\"literal {}\"; content:\"|{:02x}|\"; {}sid:{}; rev:1;)\n",
        udp ? "udp" : "tcp", literal.line, fmt::join(literal.bytes, " "), literal.nocase ? "nocase; " : "",
        literal.line);
  }
  return text;
}

}  // namespace mirrorscan::bench
