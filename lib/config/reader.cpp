#include "config/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "config/bounds.h"
#include "config/checks.h"
#include "config/fields.h"
#include "config/spelling.h"
#include "config/tree.h"

namespace mirrorscan::config {
namespace {

/// Where the reader is: the path as the table writes it ("tenants[].vnis") and as people count
/// ("tenants[0].vnis").
struct Place {
  std::string row, text;
  std::size_t element = 0;

  [[nodiscard]] Place child(const std::string& key) const {
    if (row.empty()) return {key, shown(key), element};
    return {row + "." + key, text + "." + shown(key), element};
  }
  [[nodiscard]] Place item(std::size_t index) const {
    return {row + "[]", fmt::format("{}[{}]", text, index), index};
  }
};

const Field* find(std::string_view path) {
  const auto at = std::ranges::find(fields(), path, &Field::path);
  return at == fields().end() ? nullptr : &*at;
}

bool is_section(std::string_view path) {
  return std::ranges::any_of(fields(), [path](const Field& field) {
    return field.path.size() > path.size() && field.path.starts_with(path) && field.path[path.size()] == '.';
  });
}

std::string_view expected(Type type) {
  switch (type) {
    case Type::boolean: return "true or false";
    case Type::integer: return "a whole number";
    case Type::string: return "a string";
    case Type::integers: return "a list of whole numbers";
    case Type::strings: return "a list of strings";
    case Type::string_map: return "an object of strings";
    case Type::objects: return "a list of objects";
  }
  return {};
}

/// Negative numbers are no uint64: they stay what they are, so that the error shows them.
std::optional<std::uint64_t> as_number(const Node& node) {
  if (const auto* n = node.as<std::uint64_t>()) return *n;
  if (const auto* n = node.as<std::int64_t>(); n != nullptr && *n >= 0) return static_cast<std::uint64_t>(*n);
  return {};
}

std::optional<std::string> as_string(const Node& node) {
  if (const auto* s = node.as<std::string>()) return *s;
  return {};
}

Error wrong_type(const Field& field, const std::string& where, std::string_view wanted, const Node& found) {
  return {where, fmt::format("{} is expected, and this is {}", wanted, describe(found)),
          std::string(field.remedy)};
}

template <class T>
Result<Value> read_list(const Field& field, const Node& node, const Place& place,
                        std::optional<T> (*read)(const Node&), std::string_view wanted) {
  const auto* list = node.as<Node::List>();
  if (list == nullptr) return wrong_type(field, place.text, expected(field.type), node);
  std::vector<T> out;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto element = read((*list)[i]);
    if (!element) return wrong_type(field, place.item(i).text, wanted, (*list)[i]);
    out.push_back(*std::move(element));
  }
  return Value(std::move(out));
}

Result<Value> read_map(const Field& field, const Node& node, const Place& place) {
  const auto* object = node.as<Node::Object>();
  if (object == nullptr) return wrong_type(field, place.text, expected(field.type), node);
  Variables out;
  for (const auto& [key, value] : *object) {
    const auto* text = value.as<std::string>();
    if (text == nullptr) return wrong_type(field, place.child(key).text, "a string", value);
    out.emplace_back(key, *text);
  }
  return Value(std::move(out));
}

Result<Value> read_value(const Field& field, const Node& node, const Place& place) {
  switch (field.type) {
    case Type::boolean:
      if (const auto* v = node.as<bool>()) return Value(*v);
      break;
    case Type::integer:
      if (const auto v = as_number(node)) return Value(*v);
      break;
    case Type::string:
      if (auto v = as_string(node)) return Value(*std::move(v));
      break;
    case Type::integers: return read_list(field, node, place, as_number, "a whole number");
    case Type::strings: return read_list(field, node, place, as_string, "a string");
    case Type::string_map: return read_map(field, node, place);
    case Type::objects:
      if (const auto* list = node.as<Node::List>()) return Value(std::uint64_t{list->size()});
      break;
  }
  return wrong_type(field, place.text, expected(field.type), node);
}

/// Fills a Config from a tree. Errors name paths only; read_text adds the file.
class Reader {
 public:
  explicit Reader(Config& config) : config_(config) {}

  [[nodiscard]] Status object(const Node& node, const Place& place);
  [[nodiscard]] Status field(const Field& field, const Node& node, const Place& place);

 private:
  [[nodiscard]] Status member(const std::string& key, const Node& node, const Place& place);
  [[nodiscard]] Status element(const Field& list, const Node& node, const Place& place);

  Config& config_;
};

Error unknown_key(const Place& place) {
  const std::string_view meant = closest_path(place.row);
  return {place.text, "there is no such setting",
          meant.empty() ? "remove it; docs/config.md lists all settings"
                        : fmt::format("did you mean {}?", meant)};
}

Status Reader::object(const Node& node, const Place& place) {
  const auto* object = node.as<Node::Object>();
  if (object == nullptr)
    return Error{place.text, fmt::format("an object is expected, and this is {}", describe(node)),
                 "write { ... } with settings in it"};
  for (const auto& [key, value] : *object)
    if (auto status = member(key, value, place); !status) return status;
  return success();
}

Status Reader::member(const std::string& key, const Node& node, const Place& parent) {
  const Place place = parent.child(key);
  // A dot in a key would name another section's field.
  if (key.find_first_of(".[") != std::string::npos) return unknown_key(place);
  if (const Field* row = find(place.row)) return field(*row, node, place);
  if (is_section(place.row)) return object(node, place);
  return unknown_key(place);
}

Status Reader::field(const Field& field, const Node& node, const Place& place) {
  auto value = read_value(field, node, place);
  if (!value) return value.error();
  if (const auto wrong = out_of_bounds(field, value.value()))
    return Error{place.text + wrong->place, wrong->what, std::string(field.remedy)};
  field.set(config_, place.element, std::move(value).value());
  if (field.type != Type::objects) return success();
  const auto& elements = *node.as<Node::List>();
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (auto status = element(field, elements[i], place.item(i)); !status) return status;
  return success();
}

Status Reader::element(const Field& list, const Node& node, const Place& place) {
  if (auto status = object(node, place); !status) return status;
  const auto& members = *node.as<Node::Object>();
  for (const Field& row : fields()) {
    if (!row.required || !row.path.starts_with(place.row)) continue;
    const std::string_view name = row.path.substr(place.row.size() + 1);
    if (std::ranges::find(members, name, &Node::Member::key) == members.end())
      return Error{place.text, fmt::format("each of {} needs \"{}\"", list.path, name),
                   std::string(row.remedy)};
  }
  return success();
}

/// The profile that the tree names, or the default one; a wrong one is reported like any field.
Result<Profile> chosen_profile(const Node& root) {
  Config config;
  const Field& row = *find("profile");
  if (const auto* object = root.as<Node::Object>()) {
    const auto at = std::ranges::find(*object, row.path, &Node::Member::key);
    if (at != object->end())
      if (auto status = Reader(config).field(row, at->value, Place{}.child("profile")); !status)
        return status.error();
  }
  return config.profile;
}

Result<Config> read_tree(const Node& root) {
  const auto profile = chosen_profile(root);
  if (!profile) return profile.error();
  Config config = defaults(profile.value());
  if (auto status = Reader(config).object(root, {}); !status) return status.error();
  if (auto status = check_together(config); !status) return status.error();
  return config;
}

}  // namespace

Result<Config> read_text(std::string_view name, std::string_view text) {
  const auto tree = parse_tree(name, text);
  if (!tree) return tree.error();
  auto config = read_tree(tree.value());
  if (config) return config;
  Error error = config.error();
  error.where = error.where.empty() ? std::string(name) : fmt::format("{}: {}", name, error.where);
  return error;
}

Result<Config> read_file(const std::string& path) {
  const auto closer = [](std::FILE* f) { std::fclose(f); };
  const std::unique_ptr<std::FILE, decltype(closer)> file(std::fopen(path.c_str(), "rb"), closer);
  if (!file)
    return Error{path, fmt::format("cannot be opened: {}", std::strerror(errno)),
                 "name a configuration file that can be read"};
  std::string text(kMaxFileBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0)
    return Error{path, fmt::format("cannot be read: {}", std::strerror(errno)),
                 "name a configuration file that can be read"};
  if (text.size() > kMaxFileBytes)
    return Error{path, fmt::format("larger than {} bytes", kMaxFileBytes), "is this a configuration file?"};
  return read_text(path, text);
}

}  // namespace mirrorscan::config
