#pragma once
// One fragment as it arrives: the checks that need nothing but the fragment, and the header it may bring.

#include <rte_mbuf.h>

#include <array>
#include <cstdint>

#include "defrag/overlap.h"
#include "defrag/verdict.h"
#include "packet/meta.h"

namespace mirrorscan::defrag {

inline constexpr std::uint32_t kMaxIpLength = 65'535;  ///< IPv4 total length, IPv6 payload length
inline constexpr std::uint32_t kMaxHead = 256;

/// The headers that go in front of the whole payload, ready but for their length and checksum.
struct Head {
  std::array<std::uint8_t, kMaxHead> bytes;
  std::uint32_t length;
};

/// `held` when offset and lengths are possible (RFC 791 section 3.2, RFC 8200 section 4.5), else bad or
/// truncated.
[[nodiscard]] Verdict check(const rte_mbuf& mbuf, const packet::Meta& meta) noexcept;

/// The headers of a first fragment (offset 0). IPv4: header and options, the fragment fields cleared. IPv6:
/// base header and the extension headers before the fragment header, which is left out (RFC 8200
/// section 4.5); when they exceed kMaxHead the base header alone, so that a long chain does not hide the
/// payload. False when they contradict `meta`.
[[nodiscard]] bool read_head(const rte_mbuf& mbuf, const packet::Meta& meta, Head& head) noexcept;

/// Writes the length (and IPv4 checksum) for `payload` bytes after the head. False when IP cannot state so
/// many.
[[nodiscard]] bool finish_head(Head& head, IpVersion version, std::uint32_t payload) noexcept;

}  // namespace mirrorscan::defrag
