#pragma once
// Rules between fields, which the table cannot say.

#include "base/result.h"
#include "config/config.h"

namespace mirrorscan::config {

/// `where` of an error is the path of the field to change.
[[nodiscard]] Status check_together(const Config& config);

}  // namespace mirrorscan::config
