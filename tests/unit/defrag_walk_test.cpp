// Random fragments of few datagrams, so that identities meet, overlap, contradict each other and expire,
// against a twin that keeps each datagram as a list of optional bytes.

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include "support/catch.h"
#include "support/defrag_books.h"
#include "support/packet_builder.h"

using namespace mirrorscan;
using defrag::Verdict;
using ledger::PacketEnd;
using support::Bytes;
using support::DefragBooks;
using support::Packet;

namespace {

/// A fragment in the words of the test, not of the wire.
struct Piece {
  std::uint32_t tenant, id;
  bool v6;
  std::size_t offset;
  Bytes bytes;
  bool more;
};

class Twin {
 public:
  Twin(std::size_t max_datagrams, Duration timeout) : max_datagrams_(max_datagrams), timeout_(timeout) {}

  Verdict add(const Piece& piece, Timestamp now) {
    const std::size_t end = piece.offset + piece.bytes.size();
    if (piece.bytes.empty() || (piece.more && piece.bytes.size() % 8 != 0)) return Verdict::bad;
    const auto found =
        std::find_if(open_.begin(), open_.end(), [&](const Datagram& d) { return d.is(piece); });
    if (found != open_.end() && found->deadline <= now) end_by(found, timeouts);
    Datagram& datagram = find_or_begin(piece, now);
    if (datagram.end && (piece.more ? end > *datagram.end : end != *datagram.end)) return Verdict::bad;
    if (!piece.more && datagram.bytes.size() > end) return Verdict::bad;
    if (!datagram.take(piece, end)) return Verdict::overlapped;
    ++datagram.fragments;
    if (!datagram.whole()) return Verdict::held;
    whole.clear();
    for (const auto& byte : datagram.bytes) whole.push_back(*byte);
    const auto done =
        std::find_if(open_.begin(), open_.end(), [&](const Datagram& d) { return d.is(piece); });
    end_by(done, reassembled);
    return Verdict::complete;
  }

  void expire(Timestamp now) {
    while (!open_.empty() && open_.front().deadline <= now) end_by(open_.begin(), timeouts);
  }

  Bytes whole;  ///< IP payload of the last datagram that became complete
  std::uint64_t timeouts = 0, evicted = 0, reassembled = 0;  ///< fragments
  [[nodiscard]] std::size_t datagrams() const { return open_.size(); }

 private:
  struct Datagram {
    std::uint32_t tenant, id;
    bool v6;
    Timestamp deadline;
    std::vector<std::optional<std::uint8_t>> bytes;
    std::vector<std::pair<std::size_t, std::size_t>> owners;  ///< of each byte: where its fragment lies
    std::optional<std::size_t> end;
    std::uint64_t fragments = 0;

    [[nodiscard]] bool is(const Piece& p) const { return tenant == p.tenant && id == p.id && v6 == p.v6; }
    bool take(const Piece& piece, std::size_t piece_end) {
      bool news = !piece.more && !end;
      if (!piece.more) end = piece_end;
      if (bytes.size() < piece_end) bytes.resize(piece_end);
      owners.resize(bytes.size());
      for (std::size_t i = 0; i < piece.bytes.size(); ++i) {
        auto& byte = bytes[piece.offset + i];
        auto& owner = owners[piece.offset + i];
        // IPv6 as BSD: who begins earlier has it; IPv4 as Windows: only if it ends later, too.
        const bool takes = piece.offset < owner.first && (v6 || piece_end > owner.second);
        if (byte && !takes) continue;
        byte = piece.bytes[i];
        owner = {piece.offset, piece_end};
        news = true;
      }
      return news;
    }
    [[nodiscard]] bool whole() const {
      return end && bytes.size() == *end &&
             std::all_of(bytes.begin(), bytes.end(), [](const auto& b) { return b.has_value(); });
    }
  };
  using Open = std::deque<Datagram>;

  Datagram& find_or_begin(const Piece& piece, Timestamp now) {
    for (Datagram& d : open_)
      if (d.is(piece)) return d;
    if (open_.size() == max_datagrams_) end_by(open_.begin(), evicted);
    return open_.emplace_back(Datagram{piece.tenant, piece.id, piece.v6, now + timeout_, {}, {}, {}, 0});
  }
  void end_by(Open::iterator which, std::uint64_t& count) {
    count += which->fragments;
    open_.erase(which);
  }

  std::size_t max_datagrams_;
  Duration timeout_;
  Open open_;  ///< oldest first
};

Packet packet_of(const Piece& piece, Bytes payload) {
  Packet packet;
  if (piece.v6)
    packet.ip("2001:db8::1", "2001:db8::2");
  else
    packet.ip("10.0.0.1", "10.0.0.2");
  return packet.id(piece.id).protocol(99).payload(std::move(payload));
}

/// The frame that carries the piece: cut from a packet whose other bytes do not matter.
Bytes frame_of(const Piece& piece) {
  Bytes payload(piece.offset + piece.bytes.size() + (piece.more ? 8 : 0));
  std::copy(piece.bytes.begin(), piece.bytes.end(),
            payload.begin() + static_cast<std::ptrdiff_t>(piece.offset));
  return packet_of(piece, std::move(payload)).fragment(piece.offset, piece.bytes.size());
}

class RandomPieces {
 public:
  explicit RandomPieces(std::uint32_t seed) : random_(seed) {}

  [[nodiscard]] std::size_t below(std::size_t n) { return random_() % n; }
  Piece next() {
    Piece piece{static_cast<std::uint32_t>(below(2)),
                static_cast<std::uint32_t>(below(3)),
                below(2) == 0,
                0,
                {},
                true};
    // A datagram's length hangs on its identity, so that most fragments agree about the end.
    const std::size_t length = 21 + 300 * piece.id + 1'100 * piece.tenant + (below(20) == 0 ? below(30) : 0);
    piece.offset = below(length / 8 + 1) * 8;
    std::size_t size = 8 * (1 + below(length / 16 + 1));
    if (below(30) == 0) size = below(20);
    piece.more = piece.offset + size < length;
    if (!piece.more) size = length - std::min(length, piece.offset);
    if (below(40) == 0) piece.more = !piece.more;
    if (piece.offset == 0 && !piece.more) piece.more = true;  // it would be no fragment
    for (std::size_t i = 0; i < size; ++i) piece.bytes.push_back(static_cast<std::uint8_t>(random_()));
    return piece;
  }

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE(
    "a random walk gives the verdicts, bytes and ends of the naive twin, and the books balance at each "
    "step") {
  support::Mempool pool(63);
  std::uint64_t whole = 0;
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    RandomPieces pieces(seed);
    const std::size_t max_datagrams = seed % 2 == 0 ? 5 : 100;
    const Duration timeout = Duration::milliseconds(200);
    DefragBooks books(
        {.max_datagrams = static_cast<std::uint32_t>(max_datagrams), .timeout = timeout, .seed = seed}, pool);
    Twin twin(max_datagrams, timeout);
    Timestamp now{1'000'000};
    for (int step = 0; step < 1'500; ++step) {
      now = now +
            Duration::milliseconds(static_cast<std::int64_t>(pieces.below(pieces.below(20) == 0 ? 150 : 5)));
      if (pieces.below(10) == 0) {
        books.expire(now);
        twin.expire(now);
      }
      const Piece piece = pieces.next();
      const Verdict expected = twin.add(piece, now);
      const Verdict verdict = books.add(frame_of(piece), {.now = now,
                                                          .slot = static_cast<std::uint32_t>(pieces.below(3)),
                                                          .tenant = piece.tenant,
                                                          .segment = 1 + pieces.below(300)});
      REQUIRE(verdict == expected);
      REQUIRE(books.balances());
      REQUIRE(books.defragmenter().datagrams() == twin.datagrams());
      REQUIRE(books.ended(PacketEnd::fragment_timeout) == twin.timeouts);
      REQUIRE(books.ended(PacketEnd::fragment_evicted) == twin.evicted);
      REQUIRE(books.ended(PacketEnd::fragment_reassembled) == twin.reassembled);
      if (verdict != Verdict::complete) continue;
      ++whole;
      REQUIRE(books.whole());
      const Bytes expected_packet = packet_of(piece, twin.whole).ip_bytes();
      REQUIRE(books.whole()->ip_packet == expected_packet);
    }
    while (books.expire({INT64_MAX}) > 0) continue;
    CHECK(books.balances());
    CHECK(books.total().held_defrag == ledger::Amount{});
    CHECK(books.defragmenter().datagrams() == 0);
  }
  CHECK(whole > 200);  // else the walk shows nothing
  CHECK(pool.in_use() == 0);
}
