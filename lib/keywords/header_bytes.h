#pragma once
// The bytes of a header buffer: which part of a packet `tcp.hdr` and its kind look at.

#include "base/bytes.h"
#include "signature/buffer.h"

namespace mirrorscan::keywords {

/// Empty when the packet has no such header or it is not all there; a rule on it then does not match.
[[nodiscard]] ByteView header_bytes(signature::Buffer buffer, const signature::PacketView& packet) noexcept;

}  // namespace mirrorscan::keywords
