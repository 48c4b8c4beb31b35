// Every row of the field table: its default, and what its errors say.

#include <fmt/format.h>

#include "config/bounds.h"
#include "config/fields.h"
#include "config/reader.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::config;

namespace {

/// The members that an element of the field's list cannot do without, the field aside.
std::string required_beside(const Field& field) {
  std::string out;
  const std::string_view list = field.path.substr(0, field.path.find('.') + 1);
  for (const Field& other : fields()) {
    if (!other.required || !other.path.starts_with(list) || other.path == field.path) continue;
    const std::string_view name = other.path.substr(list.size());
    out += fmt::format(", \"{}\": {}", name, other.type == Type::string ? "\"a\"" : "[1]");
  }
  return out;
}

/// A configuration whose only content is `json` at the field's path.
std::string text_with(const Field& field, const std::string& json) {
  std::string_view path = field.path;
  std::string name(path.substr(path.rfind('.') + 1));
  std::string out = fmt::format("\"{}\": {}", name, json);
  if (is_element_field(field)) out += required_beside(field);
  while (name.size() < path.size()) {
    path.remove_suffix(name.size() + 1);
    name = path.substr(path.rfind('.') + 1);
    const std::string key = name.substr(0, name.find('['));
    const std::string object = "{" + out + "}";
    out = fmt::format("\"{}\": {}", key, is_element_field(field) ? "[" + object + "]" : object);
  }
  return "{" + out + "}";
}

/// With one element in each list of objects, so that every row has a member to act on.
Config one_of_each() {
  Config config;
  for (const Field& field : fields())
    if (field.type == Type::objects) field.set(config, 0, std::uint64_t{1});
  return config;
}

std::string shown_path(const Field& field) {
  std::string path(field.path);
  if (const auto at = path.find("[]"); at != std::string::npos) path.replace(at, 2, "[0]");
  return fmt::format("f: {}", path);
}

void check_error(const Field& field, const std::string& json) {
  INFO(field.path << " = " << json.substr(0, 100));
  const auto config = read_text("f", text_with(field, json));
  REQUIRE_FALSE(config.ok());
  const Error& error = config.error();
  CHECK(error.where.starts_with(shown_path(field)));
  CHECK_FALSE(error.what.empty());
  CHECK(error.remedy == field.remedy);
}

std::string wrong_type(Type type) {
  switch (type) {
    case Type::boolean:
    case Type::integer: return "\"text\"";
    case Type::string: return "5";
    case Type::integers:
    case Type::strings:
    case Type::string_map:
    case Type::objects: return "true";
  }
  return {};
}

std::string list_of(const std::string& element, std::uint64_t count) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) out += fmt::format("{}{}", i == 0 ? '[' : ',', element);
  return out + "]";
}

std::string map_of(const std::string& element, std::uint64_t count) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i)
    out += fmt::format("{}\"{}\": {}", i == 0 ? '{' : ',', i, element);
  return out + "}";
}

std::string string_of(std::uint64_t bytes) {
  return fmt::format("\"{}\"", std::string(bytes, '1'));
}

/// Values just outside what the row allows.
std::vector<std::string> out_of_range(const Field& f) {
  const std::string above = std::to_string(f.value.max + 1);
  const std::string below = f.value.min == 0 ? "-1" : std::to_string(f.value.min - 1);
  switch (f.type) {
    case Type::boolean: return {};
    case Type::integer: return {above, below};
    case Type::string: return {string_of(f.value.max + 1)};
    case Type::integers: return {list_of(above, 1), list_of(below, 1), list_of("1", f.items.max + 1)};
    case Type::strings: return {list_of(string_of(f.value.max + 1), 1), list_of("\"::1\"", f.items.max + 1)};
    case Type::string_map: return {map_of(string_of(f.value.max + 1), 1), map_of("\"1\"", f.items.max + 1)};
    case Type::objects: return {list_of("{}", f.items.max + 1)};
  }
  return {};
}

std::string element_of_wrong_type(const Field& f) {
  switch (f.type) {
    case Type::integers: return "[\"text\"]";
    case Type::strings: return "[5]";
    case Type::string_map: return "{\"A\": 5}";
    default: return wrong_type(f.type);
  }
}

}  // namespace

TEST_CASE("every field refuses a wrong type and says what to write") {
  for (const Field& field : fields()) {
    check_error(field, wrong_type(field.type));
    check_error(field, "null");
    check_error(field, element_of_wrong_type(field));
  }
}

TEST_CASE("every field refuses values just out of its range") {
  for (const Field& field : fields())
    for (const std::string& json : out_of_range(field)) check_error(field, json);
}

TEST_CASE("every number accepts both ends of its range") {
  for (const Field& field : fields()) {
    if (field.type != Type::integer) continue;
    Config config = one_of_each();
    for (const std::uint64_t n : {field.value.min, field.value.max}) {
      CHECK_FALSE(out_of_bounds(field, n));
      field.set(config, 0, n);
      INFO(field.path);
      CHECK(std::get<std::uint64_t>(field.get(config, 0)) == n);
    }
  }
}

TEST_CASE("every default is within its own range and comes from the struct") {
  for (const Profile profile : {Profile::mirror, Profile::reference}) {
    const Config config = defaults(profile);
    for (const Field& field : fields()) {
      if (is_element_field(field)) continue;
      INFO(field.path);
      CHECK_FALSE(out_of_bounds(field, field.get(config, 0)));
      if (profile == Profile::mirror) CHECK(field.get(config, 0) == field.get(Config{}, 0));
    }
  }
}

TEST_CASE("every row sets the member that it gets, and no other row's") {
  for (const Field& field : fields()) {
    if (field.type != Type::integer && field.type != Type::boolean) continue;
    Config config = one_of_each();
    const Value old = field.get(config, 0);
    const Value fresh =
        field.type == Type::boolean ? Value(!std::get<bool>(old)) : Value(std::get<std::uint64_t>(old) + 1);
    field.set(config, 0, fresh);
    for (const Field& other : fields()) {
      INFO(field.path << " and " << other.path);
      CHECK((other.get(config, 0) == other.get(one_of_each(), 0)) == (&other != &field));
    }
  }
}

TEST_CASE("every row has a sentence and a remedy, and no path is there twice") {
  for (const Field& field : fields()) {
    INFO(field.path);
    CHECK(field.sentence.ends_with("."));
    CHECK_FALSE(field.remedy.empty());
    for (const Field& other : fields()) CHECK((&field == &other || field.path != other.path));
  }
}
