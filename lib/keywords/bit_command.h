#pragma once
// What xbits and hostbits have in common: the command, and where the bit goes in the rule.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// set, unset, toggle, isset, isnotset; nullopt for anything else.
[[nodiscard]] std::optional<signature::BitCommand> bit_command(std::string_view word) noexcept;

/// Names have no blanks at their ends and are not empty.
[[nodiscard]] Status check_bit_name(std::string_view name, std::string_view keyword);

/// Among the rule's conditions or its effects.
void add_bit(signature::HostBit bit, Draft& draft);

}  // namespace mirrorscan::keywords
