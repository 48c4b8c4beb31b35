#pragma once
// The checked view: one length check makes it, after that no accessor can fail.

#include "base/bytes.h"
#include "wire/byte_order.h"

namespace mirrorscan::wire {

/// The header at the front of `bytes`, or nullptr when they are too few. Valid as long as the bytes are.
template <class Header>
[[nodiscard]] const Header* view(ByteView bytes) noexcept {
  static_assert(kIsWireLayout<Header>);
  return bytes.size() < sizeof(Header) ? nullptr : reinterpret_cast<const Header*>(bytes.data());
}

}  // namespace mirrorscan::wire
