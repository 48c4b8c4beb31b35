#include "keywords/tag.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <string>

#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

Status parse_tag(std::string_view args, Draft&) {
  constexpr const char* kForm = "write session or host[,count,packets|seconds|bytes[,src|dst]]";
  const auto parts = split(args, ',');
  if (!one_of(parts[0], {"session", "host"}))
    return refuse("tag: '" + std::string(parts[0]) + "' is neither session nor host", kForm);
  if (parts.size() == 1) return success();
  if (parts.size() > 4) return refuse("tag: too many words", kForm);
  const auto count = number_between(parts[1], "tag", 0, std::numeric_limits<std::uint32_t>::max());
  if (!count) return count.error();
  if (parts.size() == 2 || !one_of(parts[2], {"packets", "seconds", "bytes"}))
    return refuse("tag: the count is not of packets, seconds or bytes", kForm);
  if (parts.size() == 4 && !one_of(parts[3], {"src", "dst"}))
    return refuse("tag: '" + std::string(parts[3]) + "' is neither src nor dst", kForm);
  return success();
}

}  // namespace mirrorscan::keywords
