#pragma once
// The hosts of a capture, and which address each has in copy number so and so.

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/mix.h"
#include "base/result.h"

namespace mirrorscan::traffic {

/// Numbers hosts in the order in which they are added, those of each kind of address apart: a private one
/// becomes another private one, a public one another public one, and so on, so that rules with $HOME_NET see
/// in each copy what they saw in the capture. Copy 0 has the capture's own addresses; no address of a copy is
/// one of another copy or of the capture. Multicast, broadcast, unspecified and IPv6 loopback addresses are
/// no hosts and the same in all copies.
class Hosts {
 public:
  void add(IpVersion version, const IpAddress& address);

  /// Call once, after the last add(). Errors: there is no room for so many copies.
  [[nodiscard]] Status make_room(std::uint32_t copies);

  /// Of a host that was added; others, and those that are no hosts, keep their address. Cost: a hash lookup.
  [[nodiscard]] IpAddress of_copy(IpVersion version, const IpAddress& address,
                                  std::uint32_t copy) const noexcept;

  /// Whether the address differs from copy to copy.
  [[nodiscard]] bool moves(IpVersion version, const IpAddress& address) const noexcept;
  [[nodiscard]] std::size_t count() const noexcept { return hosts_.size(); }

 private:
  static constexpr std::size_t kRooms = 7;
  struct Key {
    IpAddress address;
    IpVersion version;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      return mix(static_cast<std::uint64_t>(key.version), key.address);
    }
  };
  struct Host {
    std::uint32_t home = 0, number = 0;
  };
  struct Room {
    std::uint32_t hosts = 0;
    std::uint64_t first = 0;           ///< number that copy 1 begins with
    std::vector<std::uint64_t> taken;  ///< numbers that the capture itself uses
  };

  std::unordered_map<Key, Host, KeyHash> hosts_;
  std::array<Room, kRooms> rooms_;
};

}  // namespace mirrorscan::traffic
