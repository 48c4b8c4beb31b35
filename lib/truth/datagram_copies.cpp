#include "truth/datagram_copies.h"

#include <algorithm>

namespace mirrorscan::truth {
namespace {

using BySource = std::array<std::uint32_t, 2>;

std::uint32_t& count_of(BySource& sent, const SeenPacket& packet) {
  return sent[packet.second_mirror ? 1 : 0];
}

/// Equal datagrams of one direction.
struct Equals {
  std::map<Datagram, BySource> sent;

  /// Whether it is the same which of them are taken for copies of which.
  [[nodiscard]] bool unambiguous() const {
    BySource all{};
    std::uint32_t apart = 0;
    for (const auto& [datagram, of] : sent) {
      apart += std::max(of[0], of[1]);
      for (std::size_t i = 0; i < all.size(); ++i) all[i] += of[i];
    }
    return apart == std::max(all[0], all[1]);
  }
};

}  // namespace

bool DatagramCopies::is_new(const SeenPacket& packet) {
  BySource& sent = sent_[{packet.direction, packet.offset}];
  const std::uint32_t here = ++count_of(sent, packet);
  return here > sent[packet.second_mirror ? 0 : 1];
}

std::set<Datagram> confused_datagrams(const FlowRecord& flow,
                                      const std::array<std::string_view, kDirections>& said) {
  if (flow.ends.version != IpVersion::v6) return {};
  std::map<std::pair<Direction, std::string_view>, Equals> groups;
  for (const SeenPacket& p : flow.packets) {
    const std::string_view bytes = said[index_of(p.direction)].substr(p.offset, p.stated);
    ++count_of(groups[{p.direction, bytes}].sent[{p.direction, p.offset}], p);
  }
  std::set<Datagram> out;
  for (const auto& [bytes, equals] : groups)
    if (!equals.unambiguous())
      for (const auto& [datagram, sent] : equals.sent) out.insert(datagram);
  return out;
}

}  // namespace mirrorscan::truth
