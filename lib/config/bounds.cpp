#include "config/bounds.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/address.h"
#include "config/tree.h"

namespace mirrorscan::config {
namespace {

using Wrong = std::optional<std::string>;

bool within(Range range, std::uint64_t n) {
  return n >= range.min && n <= range.max;
}

Wrong wrong_number(const Field& field, std::uint64_t n) {
  if (within(field.value, n)) return {};
  return fmt::format("{} is not within {} to {}", n, field.value.min, field.value.max);
}

Wrong wrong_string(const Field& field, const std::string& text) {
  if (field.form == Form::choice && std::ranges::find(field.choices, text) == field.choices.end())
    return fmt::format("\"{}\" is none of its values", shown(text));
  if (!within(field.value, text.size()))
    return fmt::format("a string of {} bytes; {} to {} are allowed", text.size(), field.value.min,
                       field.value.max);
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    return "the string has a control character";
  if (field.form == Form::address && !parse_address(text))
    return fmt::format("\"{}\" is no IP address", shown(text));
  return {};
}

std::optional<OutOfBounds> at(std::string place, Wrong wrong) {
  if (!wrong) return {};
  return OutOfBounds{std::move(place), *std::move(wrong)};
}

std::optional<OutOfBounds> wrong_count(const Field& field, std::size_t count) {
  if (within(field.items, count)) return {};
  return OutOfBounds{
      "", fmt::format("{} elements; {} to {} are allowed", count, field.items.min, field.items.max)};
}

template <class Elements, class Check>
std::optional<OutOfBounds> wrong_element(const Field& field, const Elements& elements, Check check) {
  if (auto wrong = wrong_count(field, elements.size())) return wrong;
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (auto wrong = check(field, elements[i])) return at(fmt::format("[{}]", i), wrong);
  return {};
}

std::optional<OutOfBounds> wrong_map(const Field& field, const Variables& map) {
  if (auto wrong = wrong_count(field, map.size())) return wrong;
  for (const auto& [name, text] : map)
    if (auto wrong = wrong_string(field, text)) return at(fmt::format(".{}", shown(name)), wrong);
  return {};
}

}  // namespace

std::optional<OutOfBounds> out_of_bounds(const Field& field, const Value& value) {
  switch (field.type) {
    case Type::boolean: return {};
    case Type::integer: return at("", wrong_number(field, std::get<std::uint64_t>(value)));
    case Type::string: return at("", wrong_string(field, std::get<std::string>(value)));
    case Type::integers:
      return wrong_element(field, std::get<std::vector<std::uint64_t>>(value), wrong_number);
    case Type::strings: return wrong_element(field, std::get<std::vector<std::string>>(value), wrong_string);
    case Type::string_map: return wrong_map(field, std::get<Variables>(value));
    case Type::objects: return wrong_count(field, std::get<std::uint64_t>(value));
  }
  return {};
}

}  // namespace mirrorscan::config
