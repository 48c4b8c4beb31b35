#include "keywords/pcre.h"

#include <algorithm>
#include <array>

#include "keywords/arguments.h"
#include "keywords/chain.h"

namespace mirrorscan::keywords {

using signature::PcreResult;
using signature::PcreSpan;
using signature::PcreWorkspace;

Pcre::Pcre(PcreSyntax syntax, PcreCode code, bool first)
    : syntax_(std::move(syntax)),
      parts_(parts_of(syntax_.expression)),
      code_(std::move(code)),
      first_(first) {
  const bool compiled = pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE) == 0;
  engine_ = compiled ? PcreWorkspace::Engine::jit : PcreWorkspace::Engine::interpreter;
}

/// Whether a match can only stand at the payload's start. With m, `^` also stands after line ends.
bool Pcre::at_start() const noexcept {
  if (syntax_.relative) return first_;
  return syntax_.anchored || parts_.start_assertion || (parts_.caret && !syntax_.multiline);
}

/// PCRE2_NOTBOL and PCRE2_NOTEOL keep `^` and `$` from matching at an end of the buffer that is not an end of
/// the payload. That is right for positive expressions; what they cannot express is not decidable here.
bool Pcre::decidable(const signature::Inspection& in) const noexcept {
  const bool needs_start =
      syntax_.relative ? first_
                       : syntax_.anchored || parts_.start_assertion || (syntax_.negated && parts_.caret);
  const bool needs_end = parts_.end_assertion || (syntax_.negated && parts_.dollar);
  return (in.from_start || !needs_start) && (in.to_end || !needs_end);
}

PcreResult Pcre::search(signature::Inspection& in, std::size_t base, std::size_t from,
                        PcreSpan& span) const noexcept {
  if (!in.pcre) return PcreResult::limit;
  in.charge(kStepsPerSearch + static_cast<std::uint32_t>((in.buffer.size() - base - from) / kBytesPerStep));
  in.pcre->allow(kUnitsPerStep * in.steps_left);
  std::uint32_t options = 0;
  if (!syntax_.relative && !in.from_start) options |= PCRE2_NOTBOL;
  if (!in.to_end) options |= PCRE2_NOTEOL;
  const PcreResult result =
      in.pcre->search(code_.get(), engine_, in.buffer.subspan(base), from, options, span);
  in.charge(static_cast<std::uint32_t>(in.pcre->units() / kUnitsPerStep));
  return result;
}

bool Pcre::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  if (!decidable(in)) return false;
  const std::size_t base = syntax_.relative && !first_ ? std::min<std::size_t>(cursor, in.buffer.size()) : 0;
  if (!syntax_.negated) return match_positive(in, index, base);
  PcreSpan span;
  const PcreResult result = search(in, base, 0, span);
  if (result == PcreResult::limit) in.pcre_limit_hit = true;
  return result == PcreResult::not_found && in.rest(index + 1, cursor);
}

bool Pcre::match_positive(signature::Inspection& in, std::size_t index, std::size_t base) const noexcept {
  const std::size_t size = in.buffer.size() - base;
  for (std::size_t from = 0; from <= size;) {
    PcreSpan span;
    const PcreResult result = search(in, base, from, span);
    if (result == PcreResult::limit) in.pcre_limit_hit = true;
    if (result != PcreResult::found) return false;
    if (in.rest(index + 1, static_cast<std::uint32_t>(base + span.end))) return true;
    if (!in.try_again(index)) return false;
    from = std::max(from, span.begin) + 1;
  }
  return false;
}

signature::PayloadTraits Pcre::traits() const {
  signature::PayloadTraits out;
  const bool uses_end = parts_.dollar || parts_.end_assertion;
  out.relative = syntax_.relative && !first_;
  out.negated = syntax_.negated;
  out.moves_cursor = !syntax_.negated;
  out.from_start = at_start();
  out.on_segments = parts_.end_assertion || (parts_.dollar && !syntax_.multiline);
  out.anchored = out.from_start || out.on_segments;
  // More bytes can move a match's end when another test depends on it, or undo it when the expression looks
  // beyond its match or does not try all ways.
  out.monotone = !syntax_.negated && !uses_end && !parts_.look_ahead && !parts_.word_boundary &&
                 !parts_.committing && !(relative_next && parts_.choice);
  // Relative to the cursor, `^` is not the start that Hyperscan knows.
  const bool cursor_anchor = syntax_.relative && (parts_.caret || parts_.start_assertion);
  if (!syntax_.negated && !cursor_anchor) {
    out.expression = syntax_.extended ? "(?x)" + syntax_.expression : syntax_.expression;
    out.expression_nocase = syntax_.nocase;
    out.expression_dotall = syntax_.dotall;
    out.expression_multiline = syntax_.multiline;
  }
  return out;
}

std::string Pcre::describe() const {
  return std::string("pcre ") + (syntax_.negated ? "!" : "") + "\"/" + syntax_.expression + "/" +
         syntax_.flags + '"';
}

namespace {

std::uint32_t compile_options(const PcreSyntax& syntax) noexcept {
  std::uint32_t options = 0;
  if (syntax.nocase) options |= PCRE2_CASELESS;
  if (syntax.dotall) options |= PCRE2_DOTALL;
  if (syntax.multiline) options |= PCRE2_MULTILINE;
  if (syntax.extended) options |= PCRE2_EXTENDED;
  if (syntax.anchored) options |= PCRE2_ANCHORED;
  if (syntax.dollar_endonly) options |= PCRE2_DOLLAR_ENDONLY;
  if (syntax.ungreedy) options |= PCRE2_UNGREEDY;
  if (parts_of(syntax.expression).may_explode()) options |= PCRE2_AUTO_CALLOUT;
  // Payloads are bytes; without this an expression could switch UTF checks on by itself.
  return options | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
}

/// Names without groups say nothing, and the reference takes them; more names than groups it refuses.
Status check_captures(const PcreSyntax& syntax, const pcre2_code& code) {
  std::uint32_t groups = 0;
  (void)pcre2_pattern_info(&code, PCRE2_INFO_CAPTURECOUNT, &groups);
  if (groups == 0 || syntax.captures <= groups) return success();
  return refuse(
      "pcre: " + std::to_string(syntax.captures) + " names for " + std::to_string(groups) + " groups",
      "name at most as many as the expression captures");
}

Result<PcreCode> compile(const PcreSyntax& syntax) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  const auto* pattern = reinterpret_cast<PCRE2_SPTR>(syntax.expression.data());
  PcreCode code(
      pcre2_compile(pattern, syntax.expression.size(), compile_options(syntax), &error, &offset, nullptr));
  if (code) return code;
  std::array<PCRE2_UCHAR, 160> message{};
  pcre2_get_error_message(error, message.data(), message.size());
  return refuse("pcre: " + std::string(reinterpret_cast<const char*>(message.data())) + " at offset " +
                std::to_string(offset));
}

}  // namespace

Status parse_pcre(std::string_view args, Draft& draft) {
  auto syntax = parse_pcre_syntax(args);
  if (!syntax) return syntax.error();
  auto code = compile(syntax.value());
  if (!code) return code.error();
  if (const Status captures = check_captures(syntax.value(), *code.value()); !captures) return captures;
  bool first = false;
  if (syntax.value().relative) {
    const auto previous = note_relative(draft, draft.tests().size(), "pcre");
    if (!previous) return previous.error();
    first = previous.value() == Previous::none;
  }
  draft.tests().push_back(std::make_unique<Pcre>(std::move(syntax).value(), std::move(code).value(), first));
  return success();
}

}  // namespace mirrorscan::keywords
