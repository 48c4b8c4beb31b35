#pragma once
// Lcores at work: found before any of them starts, and waited for without burning the CPU that they may
// share.

#include <cstddef>
#include <vector>

#include "base/result.h"

namespace mirrorscan::engine {

/// The first `count` lcores beside the main one that have nothing to do. Error: there are fewer. Nothing has
/// started then: lanes that wait for each other may not start in part.
[[nodiscard]] Result<std::vector<unsigned>> idle_lcores(std::size_t count);

/// Starts `job(argument)` on an lcore that idle_lcores() gave. Main lcore only.
void launch_on(unsigned lcore, int (*job)(void*), void* argument) noexcept;

/// Until the lcore's job has returned; at once where it has none. What the job wrote can be read then.
void wait_for(unsigned lcore) noexcept;

}  // namespace mirrorscan::engine
