#pragma once
// Streams of few letters with words of the rules strewn in, whole and mutilated, so that near misses abound;
// some of them across multiples of the window.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "support/conversation.h"

namespace mirrorscan::support {

struct StreamTaste {
  std::vector<std::string_view> words;
  std::string_view letters;
  std::size_t every = 50;  ///< bytes from one word to the next, on average
  std::size_t window = 4'096;
};

inline std::string draw_word(const StreamTaste& taste, Random& random) {
  std::string word(taste.words[pick(random, taste.words.size())]);
  switch (pick(random, 5)) {
    case 0: word.pop_back(); break;
    case 1: word[pick(random, word.size())] = taste.letters[pick(random, taste.letters.size())]; break;
    default: break;
  }
  return word;
}

inline std::string draw_stream(const StreamTaste& taste, std::size_t size, Random& random) {
  std::string out;
  while (out.size() < size) {
    if (pick(random, taste.every) == 0)
      out += draw_word(taste, random);
    else
      out += taste.letters[pick(random, taste.letters.size())];
  }
  out.resize(size);
  for (std::size_t edge = taste.window; edge < size; edge += taste.window) {
    if (pick(random, 2) == 0) continue;
    const std::string_view word = taste.words[pick(random, taste.words.size())];
    const std::size_t at = edge - std::min(edge, pick(random, word.size() + 1));
    const std::size_t there = std::min(word.size(), size - at);
    out.replace(at, there, word.substr(0, there));
  }
  return out;
}

}  // namespace mirrorscan::support
