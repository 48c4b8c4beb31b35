#pragma once
// Base64 text to bytes (RFC 4648 section 4), forgiving as the reference is.

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace mirrorscan::keywords {

enum class Base64End : std::uint8_t {
  text_used_up,  ///< more text could have added bytes
  foreign_byte,  ///< a byte that is no Base64, or no room left: what follows does not matter
};

struct Base64Decoded {
  std::size_t bytes = 0;  ///< written to `out`
  Base64End end = Base64End::text_used_up;
};

/// Decodes up to the first byte outside of the alphabet. `=` counts as padding wherever it stands, and text
/// after it is decoded on. A last group that is not whole gives the bytes that its characters hold. Writes at
/// most out.size() bytes.
[[nodiscard]] Base64Decoded decode_base64(ByteView text, std::span<std::uint8_t> out) noexcept;

}  // namespace mirrorscan::keywords
