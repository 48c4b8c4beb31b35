#include "keywords/pcre_syntax.h"

#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The slash that ends the expression: only letters follow it. npos if there is none.
std::size_t closing_slash(std::string_view text) noexcept {
  std::size_t at = text.size();
  while (at > 0 && is_letter(text[at - 1])) --at;
  if (at < 2 || text[at - 1] != '/') return std::string_view::npos;
  return at - 1;
}

/// Whether the text names a capture: `pkt:name` or `flow:name`.
bool is_capture(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return false;
  const std::string_view scope = text.substr(0, colon);
  return (scope == "pkt" || scope == "flow") && text.find_first_of(" \\()\"") == std::string_view::npos;
}

/// Takes `, pkt:name, flow:name` from the text when they come after the expression, and counts the names.
std::size_t take_captures(std::string_view& body) noexcept {
  std::size_t count = 0;
  std::string_view rest = body;
  for (std::size_t comma = rest.rfind(','); comma != std::string_view::npos; comma = rest.rfind(',')) {
    if (!is_capture(trimmed(rest.substr(comma + 1)))) break;
    rest = trimmed(rest.substr(0, comma));
    ++count;
  }
  if (closing_slash(rest) == std::string_view::npos) return 0;
  body = rest;
  return count;
}

Status apply_flag(char flag, PcreSyntax& out) {
  switch (flag) {
    case 'i': out.nocase = true; return success();
    case 's': out.dotall = true; return success();
    case 'm': out.multiline = true; return success();
    case 'x': out.extended = true; return success();
    case 'A': out.anchored = true; return success();
    case 'E': out.dollar_endonly = true; return success();
    case 'G': out.ungreedy = true; return success();
    case 'R': out.relative = true; return success();
    case 'B':
    case 'O': return success();
    default: break;
  }
  constexpr std::string_view kBufferFlags = "UIPQHDMCSYVWZ";
  const std::string name(1, flag);
  if (kBufferFlags.find(flag) != std::string_view::npos) {
    return refuse("pcre: buffer not supported (flag " + name + " wants an HTTP buffer)");
  }
  return refuse("pcre: flag " + name + " is not known", "use i s m x A E G R");
}

/// Steps over one character class, from its '[' to the character after its ']'.
std::size_t after_class(std::string_view e, std::size_t i) noexcept {
  ++i;
  if (i < e.size() && e[i] == '^') ++i;
  if (i < e.size() && e[i] == ']') ++i;
  while (i < e.size() && e[i] != ']') {
    if (e[i] == '\\') {
      i += 2;
      continue;
    }
    const bool named = e[i] == '[' && i + 1 < e.size() && e[i + 1] == ':';
    const std::size_t close = named ? e.find(":]", i + 2) : std::string_view::npos;
    i = close != std::string_view::npos ? close + 2 : i + 1;
  }
  return i + 1;
}

void note_escape(char c, PcreParts& out) noexcept {
  if (c == 'A' || c == 'G') out.start_assertion = true;
  if (c == 'z' || c == 'Z') out.end_assertion = true;
  if (c == 'b' || c == 'B') out.word_boundary = true;
}

void note_group(std::string_view opening, PcreParts& out) noexcept {
  if (opening.starts_with("(?=") || opening.starts_with("(?!")) out.look_ahead = true;
  if (opening.starts_with("(?>") || opening.starts_with("(?(") || opening.starts_with("(*")) {
    out.committing = true;
  }
}

bool is_quantifier(char c) noexcept {
  return c == '*' || c == '+' || c == '?' || c == '}';
}

/// Whether the quantifier at i may take counts that differ by more than a few.
bool repeats_widely(std::string_view e, std::size_t i) noexcept {
  if (e[i] == '*' || e[i] == '+') return i > 0 && !(e[i] == '+' && is_quantifier(e[i - 1]));
  if (e[i] != '{') return false;
  const std::size_t close = e.find('}', i), comma = e.find(',', i);
  if (close == std::string_view::npos || comma > close) return false;
  const auto least = integer(e.substr(i + 1, comma - i - 1)),
             most = integer(e.substr(comma + 1, close - comma - 1));
  constexpr std::int64_t kFew = 8;
  return least && (!most || *most - *least > kFew);
}

void note_plain(std::string_view e, std::size_t i, PcreParts& out) noexcept {
  const char c = e[i];
  if (c == '^') out.caret = true;
  if (c == '$') out.dollar = true;
  if (c == '(') note_group(e.substr(i), out);
  if (is_quantifier(c) || c == '|') out.choice = true;
  if (repeats_widely(e, i)) {
    ++out.repeats;
    out.repeated_group |= i > 0 && e[i - 1] == ')';
  }
  if (c == '+' && i > 0 && is_quantifier(e[i - 1])) out.committing = true;
}

Result<PcreSyntax> parse_body(std::string_view body) {
  const std::size_t slash = closing_slash(body);
  if (body.starts_with("m/")) return parse_body(body.substr(1));  // as Perl writes it
  if (!body.starts_with('/') || slash == std::string_view::npos) {
    return refuse("pcre: no expression between slashes", "write \"/expression/flags\"");
  }
  PcreSyntax out;
  out.expression = body.substr(1, slash - 1);
  out.flags = body.substr(slash + 1);
  if (out.expression.empty()) return refuse("pcre: the expression is empty");
  for (const char flag : out.flags) {
    if (const Status known = apply_flag(flag, out); !known) return known.error();
  }
  return out;
}

}  // namespace

Result<PcreSyntax> parse_pcre_syntax(std::string_view args) {
  const bool bare = args.starts_with('/') || args.starts_with("!/");
  const Result<Quoted> text =
      bare ? Quoted{args[0] == '!', args.substr(args[0] == '!')} : quoted(args, "pcre");
  if (!text) return text.error();
  std::string_view body = trimmed(text.value().text);
  const std::size_t captures = take_captures(body);
  auto out = parse_body(body);
  if (!out) return out;
  out.value().negated = text.value().negated;
  out.value().captures = captures;
  return out;
}

PcreParts parts_of(std::string_view e) noexcept {
  PcreParts out;
  for (std::size_t i = 0; i < e.size();) {
    if (e[i] == '\\' && i + 1 < e.size()) {
      if (e[i + 1] == 'Q') {
        const std::size_t end = e.find("\\E", i + 2);
        i = end == std::string_view::npos ? e.size() : end + 2;
        continue;
      }
      note_escape(e[i + 1], out);
      i += 2;
    } else if (e[i] == '[') {
      i = after_class(e, i);
    } else {
      note_plain(e, i, out);
      ++i;
    }
  }
  return out;
}

}  // namespace mirrorscan::keywords
