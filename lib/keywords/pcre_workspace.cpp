#include "keywords/pcre_workspace.h"

#include <new>

namespace mirrorscan::signature {
namespace {

constexpr std::size_t rounded(std::size_t bytes) noexcept {
  constexpr std::size_t kAlign = alignof(std::max_align_t);
  return (bytes + kAlign - 1) / kAlign * kAlign;
}

}  // namespace

void* PcreWorkspace::Arena::allocate(std::size_t bytes, void* arena) noexcept {
  auto& self = *static_cast<Arena*>(arena);
  const std::size_t size = rounded(bytes);
  if (!self.memory || bytes > kArenaBytes || size > kArenaBytes - self.used) return nullptr;
  void* piece = self.memory.get() + self.used;
  self.used += size;
  ++self.live;
  return piece;
}

void PcreWorkspace::Arena::release(void* piece, void* arena) noexcept {
  auto& self = *static_cast<Arena*>(arena);
  if (piece && --self.live == 0) self.used = 0;
}

PcreWorkspace::PcreWorkspace(PcreLimits limits) : match_limit_(limits.match) {
  // Not value-initialised: pages that the interpreter never needs are never touched.
  arena_.memory.reset(new (std::nothrow) std::byte[kArenaBytes]);
  general_ = pcre2_general_context_create(&Arena::allocate, &Arena::release, &arena_);
  if (!general_) return;
  context_ = pcre2_match_context_create(general_);
  data_ = pcre2_match_data_create(1, general_);  // the span is all we ask for
  // Start and maximum are equal so that the stack never grows, which would be a system call.
  jit_stack_ = pcre2_jit_stack_create(kJitStackBytes, kJitStackBytes, nullptr);
  if (!context_) return;
  pcre2_set_depth_limit(context_, limits.depth);
  pcre2_set_heap_limit(context_, kHeapKib);
  pcre2_set_callout(context_, &PcreWorkspace::count_item, this);
  if (jit_stack_) pcre2_jit_stack_assign(context_, nullptr, jit_stack_);
}

PcreWorkspace::~PcreWorkspace() {
  pcre2_jit_stack_free(jit_stack_);
  pcre2_match_data_free(data_);
  pcre2_match_context_free(context_);
  pcre2_general_context_free(general_);
}

int PcreWorkspace::count_item(pcre2_callout_block* block, void* workspace) noexcept {
  constexpr std::size_t kBytesPerUnit = 64;
  auto& self = *static_cast<PcreWorkspace*>(workspace);
  const std::size_t at = block->current_position;
  self.units_ += 1 + (at > self.position_ ? at - self.position_ : self.position_ - at) / kBytesPerUnit;
  self.position_ = at;
  return self.units_ > self.units_allowed_ ? PCRE2_ERROR_CALLOUT : 0;
}

PcreResult PcreWorkspace::search(const pcre2_code* code, Engine engine, ByteView subject, std::size_t from,
                                 std::uint32_t options, PcreSpan& span) noexcept {
  if (!ready()) return PcreResult::limit;
  units_ = 0;
  position_ = from;
  pcre2_set_match_limit(context_, match_limit_ + static_cast<std::uint32_t>(subject.size() - from));
  static constexpr std::uint8_t kNothing[1] = {};
  const PCRE2_SPTR text = subject.empty() ? kNothing : subject.data();
  const int rc = engine == Engine::jit
                     ? pcre2_jit_match(code, text, subject.size(), from, options, data_, context_)
                     : pcre2_match(code, text, subject.size(), from, options | PCRE2_NO_JIT, data_, context_);
  if (rc == PCRE2_ERROR_NOMATCH) return PcreResult::not_found;
  if (rc < 0) return PcreResult::limit;
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data_);
  span = {offsets[0], offsets[1]};
  return PcreResult::found;
}

}  // namespace mirrorscan::signature
