#pragma once
// The list grammar that address and port expressions share, and what an expression comes to.
//
//     expression = element *( "," element )
//     element    = [ "!" ] ( atom / "[" expression "]" / "$" name )
//
// The elements without `!` are added up (if there is none, all there are) and those with `!` are taken away.
// A list or variable inside a list belongs to it as if its elements were written there; behind a `!` it is an
// expression of its own. That is how the reference reads `[$EXTERNAL_NET,!10.0.0.1]` when EXTERNAL_NET is
// itself a negation.

#include <cstddef>
#include <string>
#include <string_view>

#include "rules/refusal.h"
#include "rules/text.h"
#include "rules/variables.h"

namespace mirrorscan::rules {

inline constexpr unsigned kMaxNesting = 16;
/// Elements of one expression with all its variables written out.
inline constexpr std::size_t kMaxElements = 65'536;

/// The end of the first element of `list`: a comma outside brackets, or the end.
[[nodiscard]] std::size_t element_end(std::string_view list);

/// `Kind` gives: Set; Ranges with add(Set) and Set set(); atom(text, Ranges&); whole(added, removed), what
/// the negations take away from; kNoun; kExample.
template <class Kind>
class Expression {
 public:
  explicit Expression(const Variables::Map& variables) : variables_(variables) {}

  /// Throws Refusal: syntax, undefined variable, nothing left, nested too deep.
  [[nodiscard]] typename Kind::Set evaluate(std::string_view text, unsigned depth = 0) {
    Parts parts;
    collect(text, parts, depth);
    const typename Kind::Set removed = parts.removed.set();
    const typename Kind::Set set = Kind::whole(parts.added, removed).without(removed);
    if (set.empty()) {
      throw Refusal("the " + noun() + " expression " + quoted(text) + " leaves no " + noun(),
                    "negate less than it names");
    }
    return set;
  }

 private:
  struct Parts {
    typename Kind::Ranges added, removed;
  };

  static std::string noun() { return std::string(Kind::kNoun); }

  void collect(std::string_view list, Parts& parts, unsigned depth) {
    if (depth > kMaxNesting) {
      throw Refusal(
          "the " + noun() + " expression is nested more than " + std::to_string(kMaxNesting) + " deep",
          "look for a variable that refers to itself");
    }
    for (bool more = true; more;) {
      const std::size_t end = element_end(list);
      element(trimmed(list.substr(0, end)), parts, depth);
      const bool comma = end < list.size();
      if (comma) list.remove_prefix(end + 1);
      more = comma && !trimmed(list).empty();  // a comma may end the list
    }
  }

  void element(std::string_view text, Parts& parts, unsigned depth) {
    if (++elements_ > kMaxElements)
      throw Refusal("more than 65,536 elements in one " + noun() + " expression");
    const bool negated = text.starts_with('!');
    if (negated) text = trimmed(text.substr(1));
    if (text.empty()) {
      throw Refusal("an empty element in the " + noun() + " expression",
                    std::string("write ") + Kind::kExample);
    }
    const bool nested = text.front() == '[' || text.front() == '$';
    if (nested && negated) {
      parts.removed.add(evaluate(inner(text), depth + 1));
    } else if (nested) {
      collect(inner(text), parts, depth + 1);
    } else if (negated) {
      Kind::atom(text, parts.removed);
    } else {
      Kind::atom(text, parts.added);
    }
  }

  std::string_view inner(std::string_view text) const {
    if (text.front() == '$') return value_of(text.substr(1));
    if (text.size() < 2 || text.back() != ']') throw Refusal("unbalanced brackets in " + quoted(text));
    return text.substr(1, text.size() - 2);
  }

  std::string_view value_of(std::string_view name) const {
    const auto found = variables_.find(name);
    if (found != variables_.end()) return found->second;
    throw Refusal("the " + noun() + " variable $" + std::string(name) + " is not defined",
                  "define it in a file for --vars, or in the configuration under rules");
  }

  const Variables::Map& variables_;
  std::size_t elements_ = 0;
};

}  // namespace mirrorscan::rules
