#pragma once
// The unfinished datagrams: found by key, ordered by age.

#include <cstdint>
#include <vector>

#include "defrag/datagram.h"

namespace mirrorscan::defrag {

class Table {
 public:
  Table(std::uint32_t max_datagrams, std::uint64_t seed);

  [[nodiscard]] Datagram& operator[](std::uint32_t index) noexcept { return datagrams_[index]; }
  /// kNone when there is none.
  [[nodiscard]] std::uint32_t find(const Key& key) noexcept;
  /// A new, empty datagram as the newest; there must be room().
  [[nodiscard]] std::uint32_t insert(const Key& key, Timestamp deadline) noexcept;
  /// Can no longer be found, has no age any more; its content stays until drop().
  void unlink(std::uint32_t index) noexcept;
  void drop(std::uint32_t unlinked) noexcept { datagrams_.give(unlinked); }

  [[nodiscard]] bool room() const noexcept { return datagrams_.available() > 0; }
  [[nodiscard]] std::uint32_t oldest() const noexcept { return oldest_; }
  [[nodiscard]] std::uint32_t oldest_but(std::uint32_t spared) noexcept {
    return oldest_ == spared && spared != kNone ? datagrams_[spared].newer : oldest_;
  }
  [[nodiscard]] std::uint32_t size() const noexcept { return datagrams_.taken(); }

 private:
  [[nodiscard]] std::uint32_t& bucket(const Key& key) noexcept;

  Pool<Datagram> datagrams_;
  std::vector<std::uint32_t> buckets_;  ///< first datagram of each chain
  std::uint64_t seed_;
  std::uint32_t oldest_ = kNone, newest_ = kNone;
};

}  // namespace mirrorscan::defrag
