#include "engine/signals.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <array>

namespace mirrorscan::engine {
namespace {

[[nodiscard]] sigset_t handled() noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : std::array{SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  return set;
}

}  // namespace

void block_signals() noexcept {
  const sigset_t set = handled();
  (void)pthread_sigmask(SIG_BLOCK, &set, nullptr);
  (void)signal(SIGPIPE, SIG_IGN);
}

Signal wait_for_signal(unsigned timeout_ms) noexcept {
  const sigset_t set = handled();
  const timespec timeout{static_cast<time_t>(timeout_ms / 1'000),
                         static_cast<long>(timeout_ms % 1'000) * 1'000'000};
  switch (sigtimedwait(&set, nullptr, &timeout)) {
    case SIGTERM:
    case SIGINT: return Signal::stop;
    case SIGHUP: return Signal::reopen;
    default: return Signal::none;
  }
}

}  // namespace mirrorscan::engine
