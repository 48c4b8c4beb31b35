#pragma once
// The one table of configuration fields: the reader, the JSON schema and the reference page are loops over
// it. A new setting is a member in config.h and a row in fields.cpp.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.h"

namespace mirrorscan::config {

enum class Type : std::uint8_t {
  boolean,
  integer,
  string,
  integers,    ///< list of integers
  strings,     ///< list of strings
  string_map,  ///< object whose values are strings
  objects,     ///< list of objects; their fields are the rows "PATH[].name"
};

/// A field's value without its C++ width. For Type::objects: the number of elements.
using Value = std::variant<bool, std::uint64_t, std::string, std::vector<std::uint64_t>,
                           std::vector<std::string>, Variables>;

/// Inclusive bounds.
struct Range {
  std::uint64_t min = 0, max = 0;
};

/// What a string (or each string of a list) must be.
enum class Form : std::uint8_t { text, choice, address };

struct Field {
  std::string_view path;  ///< "stream.midstream"; "tenants[].name" for a field of each list element
  Type type = Type::boolean;
  Form form = Form::text;
  bool required = false;                      ///< in each element of a list of objects
  Range value;                                ///< integers: the number; strings: the length in bytes
  Range items;                                ///< lists and maps: the number of elements
  std::span<const std::string_view> choices;  ///< Form::choice
  std::string_view sentence;                  ///< what it does, with its unit
  std::string_view remedy;                    ///< what to write when it is wrong

  /// `element` is the index in the list of objects, 0 elsewhere.
  Value (*get)(const Config& config, std::size_t element) = nullptr;
  /// The value must fit `value` and `items`.
  void (*set)(Config& config, std::size_t element, Value value) = nullptr;
};

/// In the order of the reference page; a list of objects stands before its elements' fields.
[[nodiscard]] std::span<const Field> fields();

/// True for "tenants[].name".
[[nodiscard]] bool is_element_field(const Field& field);

}  // namespace mirrorscan::config
