#pragma once
// net_af_packet: a kernel interface through packet sockets with a shared ring, by copy.

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "config/config.h"
#include "port/kind.h"

namespace mirrorscan::af_packet {

[[nodiscard]] Status check(const config::Port& port);

/// framesz, blocksz and framecnt for frames of the port's MTU or its interface's, whichever is larger, and
/// qpairs.
[[nodiscard]] std::string arguments(const config::Port& port);

/// As much as a slot of the ring holds: the driver copies a slot into one buffer.
[[nodiscard]] std::uint32_t buffer_bytes(const config::Port& port);

[[nodiscard]] std::unique_ptr<port::Watch> watch(const config::Port& port, std::uint16_t id);

}  // namespace mirrorscan::af_packet
