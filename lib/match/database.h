#pragma once
// A compiled Hyperscan database and the rules its patterns stand for. Immutable, shared by all lcores.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct hs_database;  // hs_common.h

namespace mirrorscan::match {

enum class Mode : std::uint8_t { block, stream };

struct DatabaseDeleter {
  void operator()(hs_database* db) const noexcept;
};

/// Patterns are numbered from 0; pattern i is the trigger of rules uses[first_use[i] .. first_use[i + 1]).
struct Database {
  std::unique_ptr<hs_database, DatabaseDeleter> hs;  ///< null when there is no pattern at all
  Mode mode = Mode::block;
  std::size_t stream_bytes = 0;  ///< Hyperscan's stream state; 0 in block mode
  std::vector<std::uint32_t> first_use;
  std::vector<std::uint32_t> uses;  ///< rule indices, ascending for each pattern

  [[nodiscard]] bool empty() const noexcept { return hs == nullptr; }
  [[nodiscard]] std::span<const std::uint32_t> rules_of(std::uint32_t pattern) const noexcept {
    return {uses.data() + first_use[pattern], uses.data() + first_use[pattern + 1]};
  }
};

}  // namespace mirrorscan::match
