#include <algorithm>

#include "config/default_node.h"
#include "config/fields.h"
#include "config/reference.h"
#include "config/tree.h"

namespace mirrorscan::config {
namespace {
// -----------------------------------------------------------------------------------------------

void put(Node& object, std::string_view key, Node value) {
  std::get<Node::Object>(object.value).push_back({std::string(key), std::move(value)});
}

Node text(std::string_view v) {
  return {std::string(v)};
}

/// Of an object with no other keys than its `properties`.
void make_closed(Node& object) {
  put(object, "type", text("object"));
  put(object, "additionalProperties", {false});
  put(object, "properties", {Node::Object{}});
}

Node closed_object() {
  Node out{Node::Object{}};
  make_closed(out);
  return out;
}

Node string_schema(const Field& field) {
  Node out{Node::Object{}};
  put(out, "type", text("string"));
  if (field.form == Form::choice) {
    Node::List choices;
    for (const std::string_view choice : field.choices) choices.push_back(text(choice));
    put(out, "enum", {std::move(choices)});
    return out;
  }
  put(out, "minLength", {field.value.min});
  put(out, "maxLength", {field.value.max});
  if (field.form == Form::address) {
    Node::List formats;
    for (const std::string_view format : {"ipv4", "ipv6"}) {
      Node one{Node::Object{}};
      put(one, "format", text(format));
      formats.push_back(std::move(one));
    }
    put(out, "anyOf", {std::move(formats)});
  }
  return out;
}

Node integer_schema(const Field& field) {
  Node out{Node::Object{}};
  put(out, "type", text("integer"));
  put(out, "minimum", {field.value.min});
  put(out, "maximum", {field.value.max});
  return out;
}

Node list_schema(const Field& field, Node element) {
  Node out{Node::Object{}};
  put(out, "type", text("array"));
  put(out, "minItems", {field.items.min});
  put(out, "maxItems", {field.items.max});
  put(out, "items", std::move(element));
  return out;
}

Node map_schema(const Field& field) {
  Node out{Node::Object{}};
  put(out, "type", text("object"));
  put(out, "minProperties", {field.items.min});
  put(out, "maxProperties", {field.items.max});
  put(out, "additionalProperties", string_schema(field));
  return out;
}

Node field_schema(const Field& field) {
  switch (field.type) {
    case Type::boolean: {
      Node out{Node::Object{}};
      put(out, "type", text("boolean"));
      return out;
    }
    case Type::integer: return integer_schema(field);
    case Type::string: return string_schema(field);
    case Type::integers: return list_schema(field, integer_schema(field));
    case Type::strings: return list_schema(field, string_schema(field));
    case Type::string_map: return map_schema(field);
    case Type::objects: return list_schema(field, closed_object());
  }
  return {};
}

Node* member(Node& object, std::string_view key) {
  auto& members = std::get<Node::Object>(object.value);
  const auto at = std::ranges::find(members, key, &Node::Member::key);
  return at == members.end() ? nullptr : &at->value;
}

/// The schema object that holds the last name of `path`; sections are made when they are first met.
Node& holder(Node& root, std::string_view path) {
  Node* at = &root;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    const bool element = path.substr(0, dot).ends_with("[]");
    const std::string_view name = path.substr(0, element ? dot - 2 : dot);
    Node& properties = *member(*at, "properties");
    if (member(properties, name) == nullptr) put(properties, name, closed_object());
    at = member(properties, name);
    if (element) at = member(*at, "items");
    path.remove_prefix(dot + 1);
  }
  return *at;
}

void require(Node& object, std::string_view name) {
  if (member(object, "required") == nullptr) put(object, "required", {Node::List{}});
  std::get<Node::List>(member(object, "required")->value).push_back(text(name));
}

}  // namespace

std::string schema_json() {
  Node root{Node::Object{}};
  put(root, "$schema", text("https://json-schema.org/draft/2020-12/schema"));
  put(root, "title", text("mirrorscan configuration"));
  make_closed(root);
  const Config config = defaults(Profile::mirror);
  for (const Field& field : fields()) {
    Node& object = holder(root, field.path);
    const std::string_view name = field.path.substr(field.path.rfind('.') + 1);
    Node schema = field_schema(field);
    put(schema, "description", text(field.sentence));
    if (!field.required) put(schema, "default", default_node(field, config));
    put(*member(object, "properties"), name, std::move(schema));
    if (field.required) require(object, name);
  }
  return to_json(root, Layout::indented) + "\n";
}

}  // namespace mirrorscan::config
