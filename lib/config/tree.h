#pragma once
// A parsed JSON text as plain values, so that only tree.cpp compiles the JSON library.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace mirrorscan::config {

inline constexpr std::size_t kMaxDepth = 16;       ///< objects and lists inside each other
inline constexpr std::size_t kMaxNodes = 1 << 20;  ///< values in one file; bounds the memory of a hostile one

struct Node {
  struct Member;
  using List = std::vector<Node>;
  using Object = std::vector<Member>;  ///< in the order of the text, keys distinct

  std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, List, Object> value;

  template <class T>
  [[nodiscard]] const T* as() const noexcept {
    return std::get_if<T>(&value);
  }
};

struct Node::Member {
  std::string key;
  Node value;
};

/// "the string "abc"", "a list": for errors; at most about 60 bytes, without control characters.
[[nodiscard]] std::string describe(const Node& node);

/// `text` shortened and without control characters, for errors.
[[nodiscard]] std::string shown(std::string_view text);

/// Comments (// and /* */) are white space.
/// Errors: "NAME:LINE:COLUMN" for bad syntax, "NAME: PATH" for a key that appears twice or too deep nesting.
[[nodiscard]] Result<Node> parse_tree(std::string_view name, std::string_view text);

enum class Layout : std::uint8_t { one_line, indented };

/// JSON text of a tree, keys in their order.
[[nodiscard]] std::string to_json(const Node& node, Layout layout);

}  // namespace mirrorscan::config
