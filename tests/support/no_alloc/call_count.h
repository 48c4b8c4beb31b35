#pragma once
// What a test program asks of the preloaded counter (no_alloc.cpp). Without the preload `loaded()` is false
// and everything else does nothing, so that the same program runs in sanitizer builds.

#include <cstddef>
#include <cstdint>
#include <string>

namespace mirrorscan::support {

class CallCount {
 public:
  CallCount() noexcept;

  /// Whether the counter is preloaded.
  [[nodiscard]] bool loaded() const noexcept { return get_ != nullptr; }

  /// Starts and ends counting of the calling thread; does not touch other threads. Neither allocates.
  void arm() const noexcept {
    if (arm_ != nullptr) arm_();
  }
  void disarm() const noexcept {
    if (disarm_ != nullptr) disarm_();
  }

  /// Sets all counts to 0.
  void reset() const noexcept {
    if (reset_ != nullptr) reset_();
  }

  /// Calls of `name` ("malloc", "pthread_mutex_lock", "futex", ..., or "all") by armed threads since reset().
  [[nodiscard]] std::uint64_t get(const char* name) const noexcept { return loaded() ? get_(name) : 0; }

  /// What was counted, as "malloc 2, free 2"; empty when nothing was.
  [[nodiscard]] std::string text() const;

 private:
  void (*arm_)();
  void (*disarm_)();
  void (*reset_)();
  std::uint64_t (*get_)(const char*);
  const char* (*name_)(std::size_t);
};

/// Counts the calling thread for the length of a scope.
class Counted {
 public:
  explicit Counted(const CallCount& count) noexcept : count_(count) {
    count_.reset();
    count_.arm();
  }
  ~Counted() { count_.disarm(); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  const CallCount& count_;
};

}  // namespace mirrorscan::support
