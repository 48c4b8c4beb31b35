#include "config/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/default_node.h"
#include "config/fields.h"
#include "config/tree.h"

namespace mirrorscan::config {
namespace {

std::string default_text(const Field& field) {
  if (field.required) return "required";
  const std::string mirror = to_json(default_node(field, defaults(Profile::mirror)), Layout::one_line);
  const std::string reference = to_json(default_node(field, defaults(Profile::reference)), Layout::one_line);
  if (mirror == reference || field.path == "profile") return fmt::format("`{}`", mirror);
  return fmt::format("`{}`; `reference`: `{}`", mirror, reference);
}

std::string choices_text(const Field& field) {
  std::string out;
  for (const std::string_view choice : field.choices)
    out += fmt::format("{}`\"{}\"`", out.empty() ? "" : " or ", choice);
  return out;
}

std::string items_text(const Field& field) {
  return field.items.min == 0 ? fmt::format("at most {}", field.items.max)
                              : fmt::format("{} to {}", field.items.min, field.items.max);
}

std::string type_text(const Field& field) {
  switch (field.type) {
    case Type::boolean: return "true or false";
    case Type::integer: return fmt::format("{} to {}", field.value.min, field.value.max);
    case Type::string:
      return field.form == Form::choice
                 ? choices_text(field)
                 : fmt::format("string, {} to {} bytes", field.value.min, field.value.max);
    case Type::integers:
      return fmt::format("list of {} numbers, {} to {}", items_text(field), field.value.min, field.value.max);
    case Type::strings:
      return fmt::format("list of {} {}", items_text(field),
                         field.form == Form::address ? "IP addresses" : "strings");
    case Type::string_map: return fmt::format("object of {} strings", items_text(field));
    case Type::objects: return fmt::format("list of {} objects", items_text(field));
  }
  return {};
}

std::string_view section_of(std::string_view path) {
  return path.substr(0, std::min(path.find('.'), path.find('[')));
}

}  // namespace

std::string print_reference() {
  std::string out =
      "# Configuration\n\n"
      "One JSON file, in which `//` and `/* */` comments are allowed. `a.b` below is the key `b` in the "
      "object "
      "`a`. Every\nsetting has a default; unknown keys, keys that appear twice and values out of range are "
      "errors. The setting `profile`\nchooses the defaults of the others; where its two values differ, both "
      "are "
      "shown.\n[config.schema.json](config.schema.json) is the same table as a JSON schema, and "
      "[examples](examples) has files to\nstart from.\n\nThis page is generated from the table in "
      "`lib/config/fields*.cpp`.\n";
  std::string_view section;
  for (const Field& field : fields()) {
    if (section_of(field.path) != section) {
      section = section_of(field.path);
      out += fmt::format(
          "\n## {}\n\n| setting | value | default | what it does |\n| --- | --- | --- | --- |\n", section);
    }
    out += fmt::format("| `{}` | {} | {} | {} |\n", field.path, type_text(field), default_text(field),
                       field.sentence);
  }
  return out;
}

}  // namespace mirrorscan::config
