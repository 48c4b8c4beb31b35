#pragma once
// A value against its row of the table.

#include <optional>
#include <string>

#include "config/fields.h"

namespace mirrorscan::config {

struct OutOfBounds {
  std::string place;  ///< "[2]" or ".HOME_NET" when one element is wrong, else empty
  std::string what;
};

/// nullopt when the value fits the row's range, number of items, choices and form.
[[nodiscard]] std::optional<OutOfBounds> out_of_bounds(const Field& field, const Value& value);

}  // namespace mirrorscan::config
