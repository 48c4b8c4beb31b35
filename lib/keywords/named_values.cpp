#include "keywords/named_values.h"

#include <algorithm>
#include <string>

#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

}  // namespace

Result<std::vector<std::string_view>> named_values(std::string_view text, std::string_view keyword,
                                                   std::span<const std::string_view> names) {
  const std::string word(keyword);
  std::vector<std::string_view> values(names.size());
  for (const std::string_view part : split(text, ',')) {
    if (part.empty()) continue;
    const std::size_t space = part.find_first_of(" \t");
    const std::string name(part.substr(0, space));
    const std::string_view value = space == std::string_view::npos ? "" : trimmed(part.substr(space));
    const auto known = std::find(names.begin(), names.end(), name);
    if (known == names.end()) return refuse(word + ": '" + name + "' is not known", "write " + listed(names));
    if (value.empty()) return refuse(word + ": " + name + " has no value");
    std::string_view& place = values[static_cast<std::size_t>(known - names.begin())];
    if (!place.empty()) return refuse(word + ": " + name + " is given twice", "keep one of the two");
    place = value;
  }
  return values;
}

}  // namespace mirrorscan::keywords
