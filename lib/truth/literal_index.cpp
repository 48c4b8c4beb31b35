#include "truth/literal_index.h"

#include <algorithm>

namespace mirrorscan::truth {

void LiteralIndex::add(std::uint32_t id, std::string_view literal) {
  Entry entry{std::string(literal), id};
  for (char& c : entry.folded) c = static_cast<char>(fold(c));
  const std::size_t length = std::min(literal.size(), kKeyBytes);
  begins_.set(fold(literal[0]));
  tables_[length - 1][key_of(literal.substr(0, length))].push_back(std::move(entry));
}

std::uint32_t LiteralIndex::key_of(std::string_view head) noexcept {
  std::uint32_t key = 0;
  for (const char c : head) key = key << 8 | fold(c);
  return key;
}

bool LiteralIndex::stands_at(const Entry& entry, std::string_view text, std::size_t at) noexcept {
  if (text.size() - at < entry.folded.size()) return false;
  for (std::size_t i = 0; i < entry.folded.size(); ++i)
    if (fold(text[at + i]) != static_cast<std::uint8_t>(entry.folded[i])) return false;
  return true;
}

}  // namespace mirrorscan::truth
