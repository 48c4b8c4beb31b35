#pragma once
// What one lcore needs to run PCRE2 without a call to malloc: match data, a JIT stack, limits, and for
// machines that forbid JIT a bounded arena for the interpreter's heap frames.

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace mirrorscan::signature {

/// Bounds on one search of one expression. An expression that reaches one of them does not match, and says
/// so.
struct PcreLimits {
  /// Backtracking points, as pcre2api(3) counts them, beside one for each place where a match may start. The
  /// reference's default is 3,500. Measured on 4 KiB of hostile text with JIT: 10,000 end within 20-40 us, a
  /// million within 1.4 ms.
  std::uint32_t match = 10'000;
  std::uint32_t depth = 1'500;  ///< nested backtracking, interpreter only: JIT is bounded by its stack
};

enum class PcreResult : std::uint8_t { found, not_found, limit };

/// Offsets of a match from the start of the subject.
struct PcreSpan {
  std::size_t begin = 0, end = 0;
};

/// Belongs to one lcore. About 2.7 MiB, most of it never touched.
class PcreWorkspace {
 public:
  static constexpr std::size_t kJitStackBytes = 512 * 1024;
  static constexpr std::size_t kHeapKib = 1024;  ///< limit of the interpreter's heap frames
  /// Heap frames double until the limit, and all earlier sizes stay behind in the arena.
  static constexpr std::size_t kArenaBytes = (2 * kHeapKib + 128) * 1024;

  explicit PcreWorkspace(PcreLimits limits = {});
  ~PcreWorkspace();
  PcreWorkspace(const PcreWorkspace&) = delete;
  PcreWorkspace& operator=(const PcreWorkspace&) = delete;

  /// False when memory was short in the constructor; every search then ends in PcreResult::limit.
  [[nodiscard]] bool ready() const noexcept { return data_ != nullptr && context_ != nullptr; }

  /// Code that was compiled with PCRE2_AUTO_CALLOUT is metered: each item that a search tries, and each 64
  /// bytes that it moves, is a unit. Beyond `units` it ends in PcreResult::limit: the match limit alone
  /// bounds neither the starting points of a search nor what a repeat of one character does within itself (20
  /// ms for a{1,90}a{1,90}[bc] on 8 KiB).
  void allow(std::uint64_t units) noexcept { units_allowed_ = units; }
  /// Of the last search; 0 when its code was not metered.
  [[nodiscard]] std::uint64_t units() const noexcept { return units_; }

  enum class Engine : std::uint8_t { interpreter, jit };

  /// Searches `subject` from `from` on; what lies before `from` can still be seen by look-behind. `options`
  /// are PCRE2_NOTBOL and PCRE2_NOTEOL. Engine::jit needs code that pcre2_jit_compile has accepted.
  [[nodiscard]] PcreResult search(const pcre2_code* code, Engine engine, ByteView subject, std::size_t from,
                                  std::uint32_t options, PcreSpan& span) noexcept;

 private:
  /// Hands out pieces in order; a piece is reused only when all have been given back, or when it is the last.
  struct Arena {
    std::unique_ptr<std::byte[]> memory;
    std::size_t used = 0, live = 0;
    static void* allocate(std::size_t bytes, void* arena) noexcept;
    static void release(void* piece, void* arena) noexcept;
  };

  static int count_item(pcre2_callout_block* block, void* workspace) noexcept;

  Arena arena_;
  std::uint32_t match_limit_;
  std::uint64_t units_ = 0, units_allowed_ = 0;
  std::size_t position_ = 0;  ///< of the last callout
  pcre2_general_context* general_ = nullptr;
  pcre2_match_context* context_ = nullptr;
  pcre2_match_data* data_ = nullptr;
  pcre2_jit_stack* jit_stack_ = nullptr;
};

}  // namespace mirrorscan::signature
