#pragma once
// Ports without hardware or kernel: net_null, net_ring, net_memif. Only net_null needs something of its own.

#include <cstdint>

#include "base/result.h"
#include "config/config.h"

namespace mirrorscan::memory {

/// net_null gives packets of `size` bytes (64 without it) in one buffer and does not look whether they fit.
[[nodiscard]] Status check_null(const config::Port& port);
[[nodiscard]] std::uint32_t null_buffer_bytes(const config::Port& port);

}  // namespace mirrorscan::memory
