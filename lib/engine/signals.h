#pragma once
// Signals as values that the control thread waits for: no handlers, and no thread but that one ever sees
// them.

#include <cstdint>

namespace mirrorscan::engine {

enum class Signal : std::uint8_t { none, stop, reopen };

/// Blocks SIGTERM, SIGINT and SIGHUP in this thread and all that it starts later, and ignores SIGPIPE. Call
/// it before EAL starts its threads.
void block_signals() noexcept;

/// Waits up to `timeout_ms` for SIGTERM or SIGINT (stop) or SIGHUP (reopen).
[[nodiscard]] Signal wait_for_signal(unsigned timeout_ms) noexcept;

}  // namespace mirrorscan::engine
