#pragma once
// net_af_xdp: a kernel interface through XDP sockets; the kernel writes into our packet buffers.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/config.h"
#include "port/kind.h"

namespace mirrorscan::af_xdp {

/// Each queue fills a ring of 2,048 buffers at once and has another 2,048 in its receive ring.
constexpr std::uint32_t kMbufsAQueue = 4'096;

constexpr std::string_view kRemedy =
    "an interface of a veth pair needs an MTU of at most 3178 on both ends (`ip link set dev NAME mtu "
    "3178`), and no "
    "other XDP program; root, or CAP_NET_RAW, CAP_NET_ADMIN, CAP_SYS_ADMIN and CAP_IPC_LOCK, are needed too";

/// The interface's MTU must be one at which a frame fits one buffer.
[[nodiscard]] Status check(const config::Port& port);

/// queue_count.
[[nodiscard]] std::string arguments(const config::Port& port);

[[nodiscard]] std::uint32_t buffer_bytes(const config::Port& port);

[[nodiscard]] std::unique_ptr<port::Watch> watch(const config::Port& port, std::uint16_t id);

}  // namespace mirrorscan::af_xdp
