#pragma once
// Which of many literals stand in a text, and where: whatever their case, so that it is only a first sieve.

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mirrorscan::truth {

/// A table of the literals' first bytes is asked at each place of the text, and each literal found there is
/// compared. Slower than a search automaton, and too simple to be wrong.
class LiteralIndex {
 public:
  struct Found {
    std::uint32_t id;
    std::size_t begin;
  };

  /// `literal` is not empty. Several may have one id.
  void add(std::uint32_t id, std::string_view literal);

  /// Calls found(Found) for each place of each literal, in the order of the places.
  template <class OnFound>
  void scan(std::string_view text, OnFound&& found) const {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (!begins_[fold(text[at])]) continue;
      for (std::size_t length = 1; length <= kKeyBytes && at + length <= text.size(); ++length) {
        const Table& table = tables_[length - 1];
        if (table.empty()) continue;
        const auto row = table.find(key_of(text.substr(at, length)));
        if (row == table.end()) continue;
        for (const Entry& entry : row->second)
          if (stands_at(entry, text, at)) found(Found{entry.id, at});
      }
    }
  }

 private:
  static constexpr std::size_t kKeyBytes = 4;
  struct Entry {
    std::string folded;
    std::uint32_t id;
  };
  using Table = std::unordered_map<std::uint32_t, std::vector<Entry>>;

  [[nodiscard]] static std::uint8_t fold(char c) noexcept {
    return static_cast<std::uint8_t>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  [[nodiscard]] static std::uint32_t key_of(std::string_view head) noexcept;
  [[nodiscard]] static bool stands_at(const Entry& entry, std::string_view text, std::size_t at) noexcept;

  std::bitset<256> begins_;
  Table tables_[kKeyBytes];  ///< by the length of the key: that of short literals, else kKeyBytes
};

}  // namespace mirrorscan::truth
