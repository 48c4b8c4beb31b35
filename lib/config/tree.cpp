#include "config/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace mirrorscan::config {
namespace {

using Json = nlohmann::json;

/// Builds the tree from the parser's events. An open node's address stays valid: its parent gets no further
/// element before it is closed.
class TreeBuilder : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(std::string_view name, std::string_view text) : name_(name), text_(text) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool v) override { return put(v); }
  bool number_integer(std::int64_t v) override { return put(v); }
  bool number_unsigned(std::uint64_t v) override { return put(v); }
  bool number_float(double v, const std::string&) override { return put(v); }
  bool string(std::string& v) override { return put(std::move(v)); }
  bool binary(Json::binary_t&) override { return false; }  // no such thing in JSON text
  bool start_object(std::size_t) override { return put(Node::Object{}) && open(); }
  bool start_array(std::size_t) override { return put(Node::List{}) && open(); }
  bool key(std::string& v) override {
    std::get<Node::Object>(open_.back()->value).push_back({std::move(v), {}});
    return true;
  }
  bool end_array() override {
    open_.pop_back();
    return true;
  }
  bool end_object() override;
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) override;

  [[nodiscard]] Result<Node> result() && {
    if (error_) return *std::move(error_);
    return std::move(root_);
  }

 private:
  template <class T>
  bool put(T&& value);
  bool open();
  bool fail(std::string what, std::string remedy);
  [[nodiscard]] std::string path() const;

  std::string_view name_, text_;
  Node root_;
  Node* last_ = &root_;
  std::vector<Node*> open_;
  std::size_t nodes_ = 0;
  std::optional<Error> error_;
};

template <class T>
bool TreeBuilder::put(T&& value) {
  if (++nodes_ > kMaxNodes)
    return fail(fmt::format("more than {} values", kMaxNodes), "split the file or shorten its lists");
  if (open_.empty()) {
    last_ = &root_;
  } else if (auto* object = std::get_if<Node::Object>(&open_.back()->value)) {
    last_ = &object->back().value;
  } else {
    last_ = &std::get<Node::List>(open_.back()->value).emplace_back();
  }
  last_->value = std::forward<T>(value);
  return true;
}

bool TreeBuilder::open() {
  if (open_.size() >= kMaxDepth)
    return fail(fmt::format("nested deeper than {} levels", kMaxDepth), "no setting is nested so deeply");
  open_.push_back(last_);
  return true;
}

bool TreeBuilder::end_object() {
  const auto& object = std::get<Node::Object>(open_.back()->value);
  std::vector<std::string_view> keys;
  keys.reserve(object.size());
  for (const auto& member : object) keys.push_back(member.key);
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice != keys.end()) {
    const std::string key = shown(*twice);
    open_.pop_back();
    const std::string prefix = path();
    error_ = Error{fmt::format("{}: {}{}{}", name_, prefix, prefix.empty() ? "" : ".", key),
                   "this key is there twice", "remove one of the two"};
    return false;
  }
  open_.pop_back();
  return true;
}

bool TreeBuilder::parse_error(std::size_t position, const std::string&,
                              const nlohmann::detail::exception& e) {
  const std::string_view before = text_.substr(0, position == 0 ? 0 : position - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = before.size() - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
  // "[json.exception.parse_error.101] parse error at line 1, column 2: what": what is ours to keep.
  std::string_view what = e.what();
  if (const auto end = what.find("] "); end != std::string_view::npos) what.remove_prefix(end + 2);
  if (const auto end = what.find(": "); what.starts_with("parse error") && end != std::string_view::npos)
    what.remove_prefix(end + 2);
  std::string text;
  for (const char c : what.substr(0, 200)) text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  error_ = Error{fmt::format("{}:{}:{}", name_, line, column), "this is not JSON: " + text,
                 "look for a comma too many or too few just before this place"};
  return false;
}

bool TreeBuilder::fail(std::string what, std::string remedy) {
  error_ = Error{fmt::format("{}: {}", name_, path()), std::move(what), std::move(remedy)};
  return false;
}

std::string TreeBuilder::path() const {
  std::string out;
  for (const Node* node : open_) {
    if (const auto* object = node->as<Node::Object>()) {
      if (!out.empty()) out += '.';
      out += shown(object->back().key);
    } else {
      out += fmt::format("[{}]", node->as<Node::List>()->size() - 1);
    }
  }
  return out;
}

nlohmann::ordered_json to_library(const Node& node) {
  using Out = nlohmann::ordered_json;
  if (const auto* list = node.as<Node::List>()) {
    Out out = Out::array();
    for (const auto& element : *list) out.push_back(to_library(element));
    return out;
  }
  if (const auto* object = node.as<Node::Object>()) {
    Out out = Out::object();
    for (const auto& member : *object) out[member.key] = to_library(member.value);
    return out;
  }
  return std::visit(
      [](const auto& v) -> Out {
        if constexpr (std::is_constructible_v<Out, decltype(v)>) return Out(v);
        return nullptr;
      },
      node.value);
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string out;
  for (const char c : text.substr(0, kLongest)) out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  if (text.size() > kLongest) out += "...";
  return out;
}

std::string describe(const Node& node) {
  if (const auto* v = node.as<std::string>()) return fmt::format("the string \"{}\"", shown(*v));
  if (const auto* v = node.as<bool>()) return *v ? "true" : "false";
  if (const auto* v = node.as<std::int64_t>()) return fmt::format("{}", *v);
  if (const auto* v = node.as<std::uint64_t>()) return fmt::format("{}", *v);
  if (const auto* v = node.as<double>()) return fmt::format("{}", *v);
  if (node.as<Node::List>() != nullptr) return "a list";
  if (node.as<Node::Object>() != nullptr) return "an object";
  return "null";
}

Result<Node> parse_tree(std::string_view name, std::string_view text) {
  TreeBuilder builder(name, text);
  constexpr bool kStrict = true, kIgnoreComments = true;
  (void)Json::sax_parse(text, &builder, nlohmann::detail::input_format_t::json, kStrict, kIgnoreComments);
  return std::move(builder).result();
}

std::string to_json(const Node& node, Layout layout) {
  return to_library(node).dump(layout == Layout::indented ? 2 : -1, ' ', false,
                               nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace mirrorscan::config
