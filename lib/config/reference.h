#pragma once
// The field table for people (docs/config.md) and for tools (docs/config.schema.json).

#include <string>

namespace mirrorscan::config {

/// The reference page in Markdown.
[[nodiscard]] std::string print_reference();

/// JSON schema, draft 2020-12, of what read_text accepts, except for rules between fields (tenants, ports).
[[nodiscard]] std::string schema_json();

}  // namespace mirrorscan::config
