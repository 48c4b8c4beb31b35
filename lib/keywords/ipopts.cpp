#include "keywords/ipopts.h"

#include <algorithm>

#include "keywords/header_bytes.h"
#include "keywords/packet_condition.h"
#include "wire/ipv4.h"

namespace mirrorscan::keywords {

using signature::PacketView;

namespace {

constexpr std::uint8_t kEnd = 0, kNop = 1;

struct Option {
  std::string_view name;
  std::uint8_t type;
};

constexpr Option kOptions[] = {{"eol", kEnd}, {"nop", kNop}, {"rr", 7},      {"ts", 68},   {"sec", 130},
                               {"lsrr", 131}, {"esec", 133}, {"satid", 136}, {"ssrr", 137}};

bool same_in_any_case(char a, char b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return lower(a) == lower(b);
}

/// Up to the end of the list or the first malformed option.
bool has_option(ByteView options, std::uint8_t wanted) noexcept {
  while (!options.empty()) {
    const std::uint8_t type = options[0];
    if (type == wanted && (type == kEnd || type == kNop)) return true;
    if (type == kEnd) return false;
    if (type == kNop) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2 || options[1] < 2 || options[1] > options.size()) return false;
    if (type == wanted) return true;
    options = options.subspan(options[1]);
  }
  return false;
}

}  // namespace

Status parse_ipopts(std::string_view args, Draft& draft) {
  const std::string_view name = trimmed(args);
  if (std::ranges::equal(name, std::string_view("any"), same_in_any_case)) {
    return refuse("ipopts: 'any' matches nothing in the reference", "name the options, a rule for each");
  }
  const auto* row = std::ranges::find_if(
      kOptions, [&](const Option& o) { return std::ranges::equal(o.name, name, same_in_any_case); });
  if (row == std::end(kOptions)) {
    return refuse("ipopts: '" + std::string(name) + "' is not an option",
                  "write rr, eol, nop, ts, sec, esec, lsrr, ssrr or satid");
  }
  return add_condition(draft, "ipopts", args, [type = row->type](const PacketView& packet) noexcept {
    const ByteView header = header_bytes(signature::Buffer::ipv4_header, packet);
    return header.size() > sizeof(wire::Ipv4Header) &&
           has_option(header.subspan(sizeof(wire::Ipv4Header)), type);
  });
}

}  // namespace mirrorscan::keywords
