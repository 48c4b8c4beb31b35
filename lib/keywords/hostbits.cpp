#include "keywords/hostbits.h"

#include <string>

#include "keywords/arguments.h"
#include "keywords/bit_command.h"

namespace mirrorscan::keywords {
namespace {

constexpr std::uint32_t kExpireSeconds = 300;  ///< the reference's, which the rule cannot change

}  // namespace

Status parse_hostbits(std::string_view args, Draft& draft) {
  const auto parts = split(args, ',');
  if (parts.size() == 1 && parts[0] == "noalert") {
    draft.rule.noalert = true;
    return success();
  }
  const auto command = bit_command(parts[0]);
  if (!command)
    return refuse("hostbits: '" + std::string(parts[0]) + "' is not a command",
                  "write set, unset, toggle, isset, isnotset or noalert");
  const std::string_view name = parts.size() > 1 ? parts[1] : "";
  if (Status named = check_bit_name(name, "hostbits"); !named) return named;
  if (name.find_first_of(" \t") != std::string_view::npos)
    return refuse("hostbits: the name '" + std::string(name) + "' has a blank in it");
  if (parts.size() > 3) return refuse("hostbits: more than a command, a name and a host");
  const std::string_view host = parts.size() == 3 ? parts[2] : "src";
  if (host == "both")
    return refuse("hostbits: 'both' is not supported, by the reference neither",
                  "write one hostbits for src and one for dst");
  if (host != "src" && host != "dst")
    return refuse("hostbits: '" + std::string(host) + "' is not a host", "write src or dst");
  add_bit({signature::BitKeyword::hostbits, *command,
           host == "src" ? signature::BitTrack::src : signature::BitTrack::dst, std::string(name), 0,
           kExpireSeconds},
          draft);
  return success();
}

}  // namespace mirrorscan::keywords
