#include "keywords/bit_command.h"

#include <algorithm>
#include <utility>

#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

using signature::BitCommand;

constexpr std::pair<std::string_view, BitCommand> kCommands[] = {{"set", BitCommand::set},
                                                                 {"unset", BitCommand::unset},
                                                                 {"toggle", BitCommand::toggle},
                                                                 {"isset", BitCommand::isset},
                                                                 {"isnotset", BitCommand::isnotset}};

}  // namespace

std::optional<BitCommand> bit_command(std::string_view word) noexcept {
  for (const auto& [name, command] : kCommands)
    if (name == word) return command;
  return std::nullopt;
}

Status check_bit_name(std::string_view name, std::string_view keyword) {
  if (!name.empty()) return success();
  return refuse(std::string(keyword) + ": the bit has no name",
                "write " + std::string(keyword) + ":command,name ...");
}

void add_bit(signature::HostBit bit, Draft& draft) {
  auto& bits = bit.asks() ? draft.rule.host.conditions : draft.rule.host.effects;
  bits.push_back(std::move(bit));
}

}  // namespace mirrorscan::keywords
