#include "traffic/readdress.h"

#include <algorithm>
#include <cstring>

#include "traffic/frame_parts.h"
#include "wire/byte_order.h"
#include "wire/ip_protocol.h"

namespace mirrorscan::traffic {
namespace {

namespace protocol = wire::ip_protocol;
using Frame = std::span<std::uint8_t>;

[[nodiscard]] std::uint16_t word_at(Frame frame, std::size_t at) noexcept {
  return static_cast<std::uint16_t>(frame[at] << 8 | frame[at + 1]);
}

/// What words of a packet have changed by: the sum of ~m + m' of RFC 1624 equation 3.
class Change {
 public:
  /// Writes `bytes` (even in number) over what stands at `at` (at an even offset from where the sum begins).
  void write(Frame frame, std::size_t at, std::span<const std::uint8_t> bytes) noexcept {
    for (std::size_t i = 0; i < bytes.size(); i += 2)
      sum_ += static_cast<std::uint16_t>(~word_at(frame, at + i)) +
              static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    std::memcpy(frame.data() + at, bytes.data(), bytes.size());
  }

  /// The checksum of the changed packet, from that of the packet as it was.
  [[nodiscard]] std::uint16_t apply(std::uint16_t checksum) const noexcept {
    std::uint32_t sum = static_cast<std::uint16_t>(~checksum) + sum_;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
  }

  [[nodiscard]] bool none() const noexcept { return sum_ % 0xffff == 0; }
  void add(const Change& other) noexcept { sum_ += other.sum_; }

 private:
  std::uint32_t sum_ = 0;  ///< of some dozen words at most
};

/// Updates the checksum at `at` by `change`, and books that in `around`, the change of what holds it. Nothing
/// where it is not within `end`.
void update(Frame frame, std::size_t at, std::size_t end, const Change& change, Change& around) noexcept {
  if (at + 2 > end || change.none()) return;
  const std::uint16_t checksum = change.apply(word_at(frame, at));
  around.write(frame, at,
               std::array{static_cast<std::uint8_t>(checksum >> 8), static_cast<std::uint8_t>(checksum)});
}

/// Rewrites both addresses.
[[nodiscard]] Change move_addresses(Frame frame, const FrameParts& parts, const Hosts& hosts,
                                    std::uint32_t copy) noexcept {
  const bool v4 = parts.version == IpVersion::v4;
  const std::size_t bytes = v4 ? 4 : 16, src = parts.l3 + (v4 ? 12u : 8u);
  Change change;
  for (const std::size_t at : {src, src + bytes}) {
    const IpAddress address = hosts.of_copy(parts.version, IpAddress::from(frame.data() + at, bytes), copy);
    change.write(frame, at, std::span(address.bytes).first(bytes));
  }
  return change;
}

/// Where the protocol has a checksum that covers a pseudo-header; 0 = it has none.
[[nodiscard]] std::size_t checksum_offset(std::uint8_t number) noexcept {
  switch (number) {
    case protocol::kTcp: return 16;
    case protocol::kUdp: return 6;
    case protocol::kIcmpv6: return 2;
    default: return 0;
  }
}

/// Carries `addresses`, and what else changed behind the transport header, into the transport's checksum.
/// `around` is the change of the packet's own bytes.
void update_transport(Frame frame, const FrameParts& parts, std::size_t end, const Change& addresses,
                      Change& around) noexcept {
  const std::size_t offset = checksum_offset(parts.protocol);
  if (!parts.transport || offset == 0) return;
  const std::size_t at = parts.l4 + offset;
  const bool udp = parts.protocol == protocol::kUdp;
  if (udp && (at + 2 > end || word_at(frame, at) == 0)) return;  // RFC 768: none was computed
  update(frame, at, end, addresses, around);
  constexpr std::array<std::uint8_t, 2> kAllOnes = {0xff, 0xff};
  if (udp && word_at(frame, at) == 0) around.write(frame, at, kAllOnes);
}

/// Rewrites a packet: addresses, its IPv4 checksum, its transport's checksum. The change of all its bytes.
[[nodiscard]] Change move_packet(Frame frame, const FrameParts& parts, const Hosts& hosts, std::uint32_t copy,
                                 const Change& inside) noexcept {
  const Change addresses = move_addresses(frame, parts, hosts, copy);
  Change around = addresses, covered = addresses;
  covered.add(inside);
  if (parts.version == IpVersion::v4) update(frame, parts.l3 + 10, frame.size(), addresses, around);
  update_transport(frame, parts, frame.size(), covered, around);
  return around;
}

}  // namespace

void readdress(std::span<std::uint8_t> frame, const Hosts& hosts, std::uint32_t copy) noexcept {
  const FrameParts parts = parts_of(frame);
  if (copy == 0 || parts.version == IpVersion::none) return;
  Change inside;
  if (const FrameParts quoted = quoted_parts(frame, parts); quoted.version != IpVersion::none)
    inside = move_packet(frame, quoted, hosts, copy, {});
  // ICMP for IPv4 covers its message only (RFC 792), which changes where it quotes.
  Change unused;
  if (parts.protocol == protocol::kIcmp && parts.transport)
    update(frame, parts.l4 + 2, frame.size(), inside, unused);
  (void)move_packet(frame, parts, hosts, copy, inside);
}

std::size_t write_captured(const PacketPlan& plan, std::span<std::uint8_t> out) noexcept {
  if (plan.captured.size() > out.size()) return 0;
  std::copy(plan.captured.begin(), plan.captured.end(), out.begin());
  if (plan.hosts != nullptr) readdress(out.first(plan.captured.size()), *plan.hosts, plan.hosts_copy);
  return plan.captured.size();
}

}  // namespace mirrorscan::traffic
