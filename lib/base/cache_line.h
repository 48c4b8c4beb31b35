#pragma once
// The unit in which memory comes: layouts and prefetching count in it.

#include <cstddef>

namespace mirrorscan {

/// Bytes; x86-64 and the arm64 servers that run DPDK.
inline constexpr std::size_t kCacheLine = 64;

}  // namespace mirrorscan
