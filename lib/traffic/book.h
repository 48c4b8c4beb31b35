#pragma once
// Texts that conversations are made of: finite, and made once.

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/direction.h"
#include "base/result.h"
#include "traffic/profile.h"

namespace mirrorscan::traffic {

/// Messages in the order of a conversation.
struct Book {
  struct Entry {
    Direction direction;
    std::uint32_t offset, length;
  };
  std::vector<std::uint8_t> text;
  std::vector<Entry> entries;
  std::vector<std::uint32_t> beginnings;  ///< entries that a flow may begin with, ascending

  [[nodiscard]] ByteView bytes_of(const Entry& entry) const noexcept {
    return ByteView(text).subspan(entry.offset, entry.length);
  }
  void add(Direction direction, ByteView message) {
    entries.push_back(
        {direction, static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(message.size())});
    text.insert(text.end(), message.begin(), message.end());
  }
  void begin_exchange() { beginnings.push_back(static_cast<std::uint32_t>(entries.size())); }
};

/// Whether flows of the kind say their book's text itself, each direction a run of it that goes on from its
/// end to its beginning, and not entry by entry.
[[nodiscard]] constexpr bool says_raw_text(Kind kind) noexcept {
  return kind == Kind::tcp || kind == Kind::udp;
}

/// The book of each kind. What ordinary flows say is in it: of http, tls and dns an exchange, from one of the
/// beginnings to the next, or several that follow each other, cyclic; of tcp and udp runs of the text
/// (says_raw_text()).
struct Books {
  std::array<Book, kKinds> by_kind;

  [[nodiscard]] const Book& of(Kind kind) const noexcept { return by_kind[static_cast<std::size_t>(kind)]; }

  /// By the profile's seed and payload_capture. Errors: those of book_of_payloads().
  [[nodiscard]] static Result<Books> make(const Profile& profile);
};

/// Each at most a few MiB. The messages are well-formed; hosts and names end in .example (RFC 6761).
[[nodiscard]] Book http_book(std::uint64_t seed);
[[nodiscard]] Book tls_book(std::uint64_t seed);
[[nodiscard]] Book dns_book(std::uint64_t seed);
/// Messages that look like those of binary protocols: words, numbers, zero bytes, a little noise.
[[nodiscard]] Book raw_book(std::uint64_t seed, std::uint32_t most_bytes);

}  // namespace mirrorscan::traffic
