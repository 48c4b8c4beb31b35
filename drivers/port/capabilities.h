#pragma once
// What this process may do: a driver of DPDK that may not says "Operation not permitted" at best.

#include <initializer_list>

namespace mirrorscan::port {

/// Capabilities by their numbers in linux/capability.h, CAP_NET_RAW and so on; true when all are effective.
[[nodiscard]] bool has_capabilities(std::initializer_list<unsigned> wanted);

}  // namespace mirrorscan::port
