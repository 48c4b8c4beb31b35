#pragma once
// A random rule as text, from a grammar that knows the keywords of the table: those on payload in all their
// forms, any other (also one that is added later) with arguments of a common vocabulary. Many are refused
// when they are read, which is part of the point.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "keywords/keyword.h"

namespace mirrorscan::support {

/// Draw: a callable int(int bound), from 0 to bound - 1.
template <class Draw>
class RandomRule {
 public:
  explicit RandomRule(Draw& draw) : draw_(draw) {}

  /// `alert tcp any any -> any any (... sid:N;)`.
  [[nodiscard]] std::string text(std::uint32_t sid) {
    std::string out = std::string("alert ") + (one_in(6) ? "tcp-stream" : "tcp") + " any any -> any any (";
    for (int left = 1 + draw_(5); left > 0; --left) out += option();
    return out + "sid:" + std::to_string(sid) + ";)\n";
  }

  /// Words of the small alphabet that rules and streams share.
  [[nodiscard]] std::string word(int most) {
    std::string out;
    for (int left = 1 + draw_(most); left > 0; --left)
      out += kLetters[draw_(static_cast<int>(kLetters.size()))];
    return out;
  }

  static constexpr std::string_view kLetters = "aabbcAB1";

 private:
  bool one_in(int n) { return draw_(n) == 0; }
  std::string number(int most) { return std::to_string(draw_(most)); }
  std::string either(std::string_view name, std::string arguments) {
    return std::string(name) + ":" + arguments + "; ";
  }

  std::string option() {
    switch (draw_(24)) {
      case 0:
      case 1:
      case 2:
      case 3: return pcre();
      case 4:
      case 5: return either("isdataat", (one_in(8) ? "!" : "") + number(60) + (one_in(8) ? "" : ",relative"));
      case 6:
      case 7: return bytes_keyword();
      case 8: return any_keyword();
      default: return content();
    }
  }

  /// Modifiers that exclude each other are drawn seldom: most rules should be accepted.
  std::string content() {
    const std::string bytes = word(6);
    const bool negated = one_in(5);
    std::string out = either("content", (negated ? "!\"" : "\"") + bytes + "\"");
    if (one_in(4)) out += "nocase; ";
    if (!negated && one_in(10)) out += "fast_pattern; ";
    if (one_in(2)) {
      if (one_in(2)) out += either("distance", std::to_string(draw_(40) - 15));
      if (one_in(2)) out += either("within", std::to_string(bytes.size() + draw_(one_in(3) ? 255 : 20)));
    } else if (one_in(12)) {
      if (one_in(2)) out += either("offset", number(80));
      if (one_in(2)) out += either("depth", std::to_string(bytes.size() + draw_(80)));
      if (one_in(4)) out += "startswith; ";
      if (one_in(4)) out += "endswith; ";
    }
    return out;
  }

  std::string atom() {
    constexpr std::array kAtoms{"a", "b", "[ab]", "[^a]", ".", "(?:ab|c)", "\\d", "(a|b)c", "A"};
    return kAtoms[draw_(kAtoms.size())];
  }

  std::string pcre() {
    constexpr std::array kQuantifiers{"", "", "", "+", "*", "?", "{2,5}", "+?", "{1,20}"};
    constexpr std::array kEdges{"", "", "", "", "\\b", "^", "$", "(?=a)", "(?<=b)", "(?!b)"};
    std::string out = one_in(8) ? "!\"/" : "\"/";
    out += kEdges[draw_(kEdges.size())];
    for (int left = 1 + draw_(4); left > 0; --left) out += atom() + kQuantifiers[draw_(kQuantifiers.size())];
    out += kEdges[draw_(kEdges.size())];
    out += "/";
    constexpr std::array kFlags{"", "", "", "i", "s", "m", "R", "R", "iR", "U"};
    return either("pcre", out + kFlags[draw_(kFlags.size())] + "\"");
  }

  std::string bytes_keyword() {
    const std::string relative = one_in(2) ? ",relative" : "",
                      offset = std::to_string(draw_(20) - (relative.empty() ? 0 : 6));
    const std::string size = std::to_string(1 + draw_(4));
    constexpr std::array kCompare{">", "<", "=", "!=", ">=", "&"};
    switch (draw_(4)) {
      case 0:
        return either("byte_test", size + "," + kCompare[draw_(kCompare.size())] + "," + number(255) + "," +
                                       offset + relative);
      case 1: return either("byte_jump", size + "," + offset + relative);
      case 2: return either("byte_extract", size + "," + offset + ",v" + number(2) + relative);
      default: return either("isdataat", "v" + number(2) + ",relative");
    }
  }

  std::string any_keyword() {
    const auto table = keywords::table();
    const keywords::Keyword& keyword = table[static_cast<std::size_t>(draw_(static_cast<int>(table.size())))];
    // What a rule says to others, or asks of the state that they left, is not in the bytes of one stream.
    for (const std::string_view name : {"flowbits", "flowint", "xbits", "hostbits", "threshold",
                                        "detection_filter", "tag", "noalert", "sid", "gid", "rev", "flow"})
      if (keyword.name == name) return "";
    if (keyword.argument == keywords::Argument::none) return std::string(keyword.name) + "; ";
    const std::array<std::string, 12> arguments{number(300),
                                                ">" + number(50),
                                                "<" + number(50),
                                                "!" + number(50),
                                                number(9) + "<>" + number(90),
                                                "\"" + word(4) + "\"",
                                                word(3),
                                                number(4) + ",relative",
                                                "relative",
                                                "1,0,relative,bitmask 0x0f",
                                                "bytes " + number(20) + ", offset " + number(9),
                                                "S,12"};
    return either(keyword.name, arguments[draw_(static_cast<int>(arguments.size()))]);
  }

  Draw& draw_;
};

}  // namespace mirrorscan::support
