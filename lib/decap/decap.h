#pragma once
// Takes the mirror's encapsulation off a frame, in place: VXLAN (RFC 7348) over UDP, or VXLAN inside GENEVE
// (RFC 8926) as the Gateway Load Balancer sends it.

#include <array>
#include <cstdint>

#include "ledger/packet_end.h"
#include "packet/access.h"
#include "packet/meta.h"

namespace mirrorscan::decap {

/// A few UDP ports, searched linearly.
class PortSet {
 public:
  static constexpr std::size_t kCapacity = 8;

  constexpr PortSet() = default;
  constexpr explicit PortSet(std::uint16_t port) noexcept : ports_{port}, count_(1) {}

  /// False when the set is full.
  [[nodiscard]] constexpr bool add(std::uint16_t port) noexcept {
    if (count_ == kCapacity) return false;
    ports_[count_++] = port;
    return true;
  }
  [[nodiscard]] constexpr bool contains(std::uint16_t port) const noexcept {
    for (std::uint8_t i = 0; i < count_; ++i)
      if (ports_[i] == port) return true;
    return false;
  }

 private:
  std::array<std::uint16_t, kCapacity> ports_{};
  std::uint8_t count_ = 0;
};

struct Settings {
  PortSet vxlan_ports{4789};   ///< IANA; RFC 7348 section 5
  PortSet geneve_ports{6081};  ///< IANA; RFC 8926 section 3.3
};

/// Seen on the way, no reason to refuse the packet.
struct Observed {
  bool vxlan_reserved_bits = false;  ///< any reserved bit is set; RFC 7348 section 5: ignored on receipt
  std::uint8_t geneve_unknown_options = 0;
  std::uint8_t outer_vlans = 0;
  /// Bytes of the outer IP packet beyond the frame: a port or a capture cut it (net_af_packet does, without a
  /// word, at the size of its slots; a capture at its snap length). Not the mirror: AWS writes the outer
  /// lengths of a packet that it truncates to fit what it sends (Traffic Mirroring guide, "packet length"),
  /// so that only the inner length goes beyond. Known also for some refused packets.
  std::uint32_t cut_bytes = 0;
};

/// Strips the outer headers. PacketEnd::none on success: the mbuf then starts at the inner Ethernet header
/// and ends where the outer lengths say (Ethernet padding is cut off), and `tunnel` is filled. Any other end
/// is the refusal; the packet's bytes are then as before. Also makes pkt_len and nb_segs truthful
/// (packet::settle_chain): take the ledger's wire_bytes before. `tunnel` and `observed` are overwritten in
/// any case.
///
/// A capture that is shorter than the outer lengths say is decapsulated as far as it goes.
[[nodiscard]] ledger::PacketEnd decapsulate(rte_mbuf& m, const Settings& settings, packet::Tunnel& tunnel,
                                            Observed& observed) noexcept;

}  // namespace mirrorscan::decap
