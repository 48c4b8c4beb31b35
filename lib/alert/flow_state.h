#pragma once
// What detection remembers of a flow. Trivially copyable, zero-initialisable; its lists live in the
// inspector's pools.

#include <array>
#include <cstdint>
#include <type_traits>

#include "alert/node_pool.h"
#include "alert/window.h"
#include "base/direction.h"
#include "match/scanner.h"

namespace mirrorscan::alert {

/// A `pass` or `drop` rule that matched the whole flow.
enum class Verdict : std::uint8_t { none, passed, dropped };

struct StreamState {
  match::Stream* hs = nullptr;  ///< from the pool of the flow's generation; null before the first byte
  std::uint64_t run_start = 0;  ///< stream offset of the first byte after the last gap
  std::uint64_t next = 0;       ///< stream offset after the last byte seen
  Window window;
  std::uint16_t back = 0, ahead = 0;  ///< reach of the rules that can meet this stream
  std::uint32_t pending_first = kNoNode, pending_last = kNoNode;
  std::uint32_t alerted_first = kNoNode;
  std::uint32_t second = kNoNode;  ///< the second version that is followed, of CopyInspector
  bool started = false;
  bool ended = false;  ///< nothing is left of it but what its rules have alerted on
  bool blind = false;  ///< no stream state was free: payload is over budget
};

struct FlowState {
  Verdict verdict = Verdict::none;
  std::array<bool, kDirections> ip_only_done{};
  bool alerted : 1 = false;
  bool stream_ended : 1 = false;      ///< a stream has ended whose alerts are still remembered
  std::uint32_t variables = kNoNode;  ///< flowbits and flowints
  std::array<StreamState, kDirections> streams{};
};

static_assert(std::is_trivially_copyable_v<FlowState>);

}  // namespace mirrorscan::alert
