#pragma once
// A field's default as a JSON value.

#include "config/fields.h"
#include "config/tree.h"

namespace mirrorscan::config {

/// `config` holds the defaults of a profile; the field is not one of an element.
[[nodiscard]] Node default_node(const Field& field, const Config& config);

}  // namespace mirrorscan::config
