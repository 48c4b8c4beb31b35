#include "traffic/hosts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace mirrorscan::traffic {
namespace {

/// Where copies have their hosts: the addresses that differ from `begin` in their last `number_bits` only.
struct Home {
  std::string_view name;
  IpVersion version;
  IpAddress begin;
  std::uint32_t number_bits;  ///< up to 32
};

/// Addresses whose first `bits` are those of `prefix` go home to `home`, an index of kHomes.
struct AddressKind {
  IpVersion version;
  IpAddress prefix;
  std::uint32_t bits;
  std::uint32_t home;
};

[[nodiscard]] constexpr IpAddress v6(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {{a, b, c, d}};
}

/// Public addresses go to where nothing is routed and what stands in no list of hostile networks, as any
/// public network might: 100.64.0.0/10 (RFC 6598) and 2001:db8::/32 (RFC 3849).
constexpr std::array<Home, 7> kHomes = {{
    {"private IPv4", IpVersion::v4, IpAddress::v4(10, 0, 0, 0), 24},
    {"link-local IPv4", IpVersion::v4, IpAddress::v4(169, 254, 0, 0), 16},
    {"loopback IPv4", IpVersion::v4, IpAddress::v4(127, 0, 0, 0), 24},
    {"public IPv4", IpVersion::v4, IpAddress::v4(100, 64, 0, 0), 22},
    {"link-local IPv6", IpVersion::v6, v6(0xfe, 0x80, 0, 0), 32},
    {"private IPv6", IpVersion::v6, v6(0xfd, 0x6d, 0x69, 0x72), 32},
    {"public IPv6", IpVersion::v6, v6(0x20, 0x01, 0x0d, 0xb8), 32},
}};

/// The first that fits.
constexpr std::array<AddressKind, 9> kKindsOfAddress = {{
    {IpVersion::v4, IpAddress::v4(10, 0, 0, 0), 8, 0},      // RFC 1918
    {IpVersion::v4, IpAddress::v4(172, 16, 0, 0), 12, 0},   // RFC 1918
    {IpVersion::v4, IpAddress::v4(192, 168, 0, 0), 16, 0},  // RFC 1918
    {IpVersion::v4, IpAddress::v4(169, 254, 0, 0), 16, 1},  // RFC 3927
    {IpVersion::v4, IpAddress::v4(127, 0, 0, 0), 8, 2},     // RFC 1122
    {IpVersion::v4, {}, 0, 3},
    {IpVersion::v6, v6(0xfe, 0x80, 0, 0), 10, 4},  // RFC 4291
    {IpVersion::v6, v6(0xfc, 0, 0, 0), 7, 5},      // RFC 4193
    {IpVersion::v6, {}, 0, 6},
}};

[[nodiscard]] bool begins_with(const IpAddress& address, const IpAddress& prefix,
                               std::uint32_t bits) noexcept {
  const std::uint32_t whole = bits / 8;
  if (!std::equal(address.bytes.begin(), address.bytes.begin() + whole, prefix.bytes.begin())) return false;
  return bits % 8 == 0 || (address.bytes[whole] ^ prefix.bytes[whole]) >> (8 - bits % 8) == 0;
}

/// Multicast, broadcast, unspecified and IPv6 loopback addresses are none: they mean the same anywhere.
[[nodiscard]] bool is_host(IpVersion version, const IpAddress& address) noexcept {
  const auto& bytes = address.bytes;
  if (version == IpVersion::v4)
    return bytes[0] != 0 && bytes[0] >> 4 != 14 && address != IpAddress::v4(255, 255, 255, 255);
  return version == IpVersion::v6 && bytes[0] != 0xff &&
         (bytes[15] > 1 || std::any_of(bytes.begin(), bytes.end() - 1, [](auto byte) { return byte != 0; }));
}

[[nodiscard]] std::uint32_t home_of(IpVersion version, const IpAddress& address) noexcept {
  const auto fits = [&](const AddressKind& kind) {
    return kind.version == version && begins_with(address, kind.prefix, kind.bits);
  };
  return std::find_if(kKindsOfAddress.begin(), kKindsOfAddress.end(), fits)->home;
}

[[nodiscard]] std::size_t bytes_of(IpVersion version) noexcept {
  return version == IpVersion::v4 ? 4 : 16;
}

/// The address of `home` with this number.
[[nodiscard]] IpAddress address_at(const Home& home, std::uint64_t number) noexcept {
  IpAddress address = home.begin;
  for (std::size_t i = bytes_of(home.version); number != 0; number >>= 8)
    address.bytes[--i] |= static_cast<std::uint8_t>(number);
  return address;
}

/// Its number, when it is one of `home`; else 0, which no copy uses.
[[nodiscard]] std::uint64_t number_at(const Home& home, const IpAddress& address) noexcept {
  const std::size_t bytes = bytes_of(home.version);
  const auto prefix_bits = static_cast<std::uint32_t>(bytes * 8) - home.number_bits;
  if (!begins_with(address, home.begin, prefix_bits)) return 0;
  std::uint64_t number = 0;
  for (std::size_t i = bytes - 4; i < bytes; ++i) number = number << 8 | address.bytes[i];
  return number & ((1ULL << home.number_bits) - 1);
}

struct Gap {
  std::uint64_t first, size;
};

/// The widest run of numbers, from 1 to 2^bits - 2, that the capture does not use itself.
[[nodiscard]] Gap widest_gap(std::vector<std::uint64_t> taken, std::uint32_t bits) {
  taken.push_back(0);
  taken.push_back((1ULL << bits) - 1);
  std::sort(taken.begin(), taken.end());
  Gap widest{1, 0};
  for (std::size_t i = 1; i < taken.size(); ++i)
    if (taken[i] > taken[i - 1] + 1 + widest.size) widest = {taken[i - 1] + 1, taken[i] - taken[i - 1] - 1};
  return widest;
}

}  // namespace

void Hosts::add(IpVersion version, const IpAddress& address) {
  static_assert(kHomes.size() == kRooms);
  if (!is_host(version, address)) return;
  const std::uint32_t home = home_of(version, address);
  Room& room = rooms_[home];
  if (!hosts_.try_emplace(Key{address, version}, Host{home, room.hosts}).second) return;
  ++room.hosts;
  if (const std::uint64_t number = number_at(kHomes[home], address); number != 0)
    room.taken.push_back(number);
}

Status Hosts::make_room(std::uint32_t copies) {
  for (std::size_t i = 0; i < kRooms; ++i) {
    Room& room = rooms_[i];
    const Gap gap = widest_gap(room.taken, kHomes[i].number_bits);
    if ((copies - std::uint64_t{1}) * room.hosts > gap.size)
      return Error{"copies of the capture",
                   fmt::format("{} copies of {} {} addresses do not fit into {} addresses", copies,
                               room.hosts, kHomes[i].name, gap.size),
                   "ask for fewer packets and flows, or give a larger capture"};
    room.first = gap.first;
  }
  return success();
}

IpAddress Hosts::of_copy(IpVersion version, const IpAddress& address, std::uint32_t copy) const noexcept {
  if (copy == 0) return address;
  const auto found = hosts_.find(Key{address, version});
  if (found == hosts_.end()) return address;
  const Host& host = found->second;
  const Room& room = rooms_[host.home];
  return address_at(kHomes[host.home], room.first + (copy - std::uint64_t{1}) * room.hosts + host.number);
}

bool Hosts::moves(IpVersion version, const IpAddress& address) const noexcept {
  return hosts_.contains(Key{address, version});
}

}  // namespace mirrorscan::traffic
