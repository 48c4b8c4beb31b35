#include "keywords/xbits.h"

#include <array>
#include <limits>
#include <string>

#include "keywords/arguments.h"
#include "keywords/bit_command.h"
#include "keywords/named_values.h"

namespace mirrorscan::keywords {
namespace {

using signature::BitTrack;

constexpr std::uint32_t kExpireSeconds = 30;  ///< the reference's default

Result<BitTrack> track_of_bit(std::string_view word) {
  if (word == "ip_src") return BitTrack::src;
  if (word == "ip_dst") return BitTrack::dst;
  if (word == "ip_pair") return BitTrack::pair;
  return refuse("xbits: cannot track '" + std::string(word) + "'", "write track ip_src, ip_dst or ip_pair");
}

/// The reference takes a `noalert` at the end and alerts all the same.
std::string_view without_noalert(std::string_view list) {
  const std::size_t comma = list.rfind(',');
  if (comma == std::string_view::npos || trimmed(list.substr(comma + 1)) != "noalert") return list;
  return list.substr(0, comma);
}

}  // namespace

Status parse_xbits(std::string_view args, Draft& draft) {
  if (trimmed(args) == "noalert") {
    draft.rule.noalert = true;
    return success();
  }
  const std::size_t first = args.find(',');
  const std::string_view word = trimmed(args.substr(0, first));
  const auto command = bit_command(word);
  if (!command)
    return refuse("xbits: '" + std::string(word) + "' is not a command",
                  "write set, unset, toggle, isset, isnotset or noalert");
  const std::string_view rest = first == std::string_view::npos ? "" : args.substr(first + 1);
  const std::size_t second = rest.find(',');
  const std::string_view name = trimmed(rest.substr(0, second));
  if (Status named = check_bit_name(name, "xbits"); !named) return named;

  constexpr std::array<std::string_view, 2> kNames{"track", "expire"};
  const std::string_view list = second == std::string_view::npos ? "" : rest.substr(second + 1);
  const auto values = named_values(without_noalert(list), "xbits", kNames);
  if (!values) return values.error();
  const auto track = track_of_bit(values.value()[0]);
  if (!track) return track.error();
  signature::HostBit bit{
      signature::BitKeyword::xbits, *command, track.value(), std::string(name), 0, kExpireSeconds};
  if (!values.value()[1].empty()) {
    const auto expire =
        number_between(values.value()[1], "xbits", 1, std::numeric_limits<std::uint32_t>::max());
    if (!expire) return expire.error();
    bit.expire_s = static_cast<std::uint32_t>(expire.value());
  }
  add_bit(std::move(bit), draft);
  return success();
}

}  // namespace mirrorscan::keywords
