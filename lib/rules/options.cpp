#include "rules/options.h"

#include <algorithm>
#include <string>

#include "rules/refusal.h"
#include "rules/text.h"

namespace mirrorscan::rules {

namespace {

Option option_of(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {trimmed(text), {}, false};
  return {trimmed(text.substr(0, colon)), trimmed(text.substr(colon + 1)), true};
}

// Walks over an option byte by byte and knows whether a quote is open: linear however many ';' there are.
class QuoteWatch {
 public:
  void see(char c) noexcept {
    if (kBlanks.find(c) != std::string_view::npos) {
      escaped_ = false;
      return;
    }
    const bool quote = c == '"' && !escaped_;
    if (place_ == Place::before_value && c != '!') place_ = quote ? Place::quoted : Place::plain;
    if (place_ == Place::name && c == ':') place_ = Place::before_value;
    quotes_ += quote ? 1 : 0;
    last_is_quote_ = quote;
    escaped_ = c == '\\' && !escaped_;
  }
  /// A value that opens with a quote is closed by a quote at its end. Otherwise the quotes inside are
  /// counted, so that `"a"b` is an option with a bad value rather than the start of a longer one.
  [[nodiscard]] bool open() const noexcept {
    if (place_ != Place::quoted) return false;
    return quotes_ == 1 || (!last_is_quote_ && quotes_ % 2 == 1);
  }

 private:
  enum class Place : std::uint8_t { name, before_value, plain, quoted };
  Place place_ = Place::name;
  std::size_t quotes_ = 0;
  bool last_is_quote_ = false, escaped_ = false;
};

// The position of the `;` that ends the option at the start of `text`.
std::size_t option_end(std::string_view text) {
  QuoteWatch watch;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool stop = text[at] == ';' && (at == 0 || text[at - 1] != '\\');
    if (stop && !watch.open()) return at;
    watch.see(text[at]);
  }
  if (watch.open())
    throw Refusal("a quote is not closed in " + quoted(trimmed(text)), "write \\\" for a quote inside");
  throw Refusal("no ';' after the option " + quoted(trimmed(text)), "end every option with ';'");
}

std::string_view between_parentheses(std::string_view text) {
  text = trimmed(text);
  if (!text.ends_with(')') || text.size() < 2)
    throw Refusal("the rule does not end with ')'",
                  "add it, or a \\ where the rule goes on in the next line");
  return trimmed(text.substr(1, text.size() - 2));
}

}  // namespace

std::vector<Option> split_options(std::string_view text) {
  std::string_view rest = between_parentheses(text);
  std::vector<Option> options;
  while (!rest.empty()) {
    const std::size_t end = option_end(rest);
    const Option option = option_of(rest.substr(0, end));
    if (option.name.empty()) throw Refusal("an empty option", "remove the stray ';'");
    if (options.size() == kMaxOptions) throw Refusal("more than " + std::to_string(kMaxOptions) + " options");
    options.push_back(option);
    rest = trimmed(rest.substr(end + 1));
  }
  if (options.empty()) throw Refusal("no options", "a rule needs at least a sid: (sid:1;)");
  return options;
}

std::optional<std::uint32_t> find_sid(std::string_view text) {
  const std::string name = lowered(text);
  for (std::size_t at = name.rfind("sid"); at != std::string::npos && at > 0;
       at = name.rfind("sid", at - 1)) {
    const std::size_t before = name.find_last_not_of(kBlanks, at - 1);
    if (before == std::string::npos || (name[before] != ';' && name[before] != '(')) continue;
    const std::size_t colon = name.find_first_not_of(kBlanks, at + 3);
    if (colon == std::string::npos || name[colon] != ':') continue;
    const std::size_t digits = name.find_first_not_of(kBlanks, colon + 1);
    if (digits == std::string::npos) continue;
    const std::size_t end = name.find_first_not_of("0123456789", digits);
    if (const auto sid = number(std::string_view(name).substr(digits, end - digits))) return sid;
  }
  return std::nullopt;
}

}  // namespace mirrorscan::rules
