#include "truth/attack_script.h"

#include <algorithm>
#include <array>
#include <set>

#include "traffic/random.h"

namespace mirrorscan::truth {
namespace {

using traffic::Book;
using traffic::Kind;
using traffic::Message;

/// Of ordinary messages in attacks: long ones would make attacks more than a small part of the traffic.
constexpr std::uint32_t kMostOrdinaryBytes = 1'200;
constexpr std::size_t kMostBefore = 8;

/// Ordinary flows to the port say what is in this book.
const Book& book_of(const traffic::Books& books, const Scene& scene) {
  if (scene.protocol == kUdp) return books.of(scene.server_port == 53 ? Kind::dns : Kind::udp);
  if (scene.server_port == 80) return books.of(Kind::http);
  return books.of(scene.server_port == 443 ? Kind::tls : Kind::tcp);
}

class Writer {
 public:
  Writer(const Script& script, const Scene& scene, std::uint64_t draw)
      : script_(script), scene_(scene), random_(draw), book_(book_of(script.books, scene)) {
    out_.conversation.protocol = scene.protocol;
    out_.conversation.client_port = scene.client_port;
    out_.conversation.server_port = scene.server_port;
    if (!book_.entries.empty()) at_ = beginning();
  }

  /// Until both sides have spoken: that makes a flow of UDP established.
  void open() {
    std::array<bool, kDirections> spoken{};
    for (std::size_t i = 0; i < kMostBefore && !(spoken[0] && spoken[1]); ++i)
      if (const Book::Entry* entry = next_entry()) {
        say(entry->direction, some_of(*entry));
        spoken[index_of(entry->direction)] = true;
      }
    for (const Direction d : {Direction::to_server, Direction::to_client})
      if (!spoken[index_of(d)]) say(d, script_.blank.first(kBlankMessage));
  }

  void ordinary() {
    if (const Book::Entry* entry = next_entry()) say(entry->direction, some_of(*entry));
  }

  /// More than `bytes` in the attack's direction.
  void keep_away(std::size_t bytes) {
    const std::size_t until = said_[index_of(scene_.direction)] + bytes;
    for (std::size_t i = 0; i < book_.entries.size() && said_[index_of(scene_.direction)] <= until; ++i)
      if (const Book::Entry* entry = next_entry(); entry->direction == scene_.direction)
        say(entry->direction, some_of(*entry));
    if (said_[index_of(scene_.direction)] <= until)
      say(scene_.direction, script_.blank.first(until + 1 - said_[index_of(scene_.direction)]));
  }

  void attack(ByteView specimen, const Specimen& described) {
    const auto before = static_cast<std::uint32_t>(said_[index_of(scene_.direction)]);
    out_.occurrences.push_back(
        {out_.conversation.messages.size(), before + described.begin, described.end - described.begin});
    say(scene_.direction, specimen);
    if (!scene_.in_one_piece) out_.conversation.messages.back().cuts = cuts(described);
  }

  [[nodiscard]] AttackVariant take() { return std::move(out_); }

 private:
  static constexpr std::size_t kBlankMessage = 16;

  /// Where a client speaks: of UDP nothing else tells some inspectors who it is.
  [[nodiscard]] std::size_t beginning() {
    const auto count = static_cast<std::uint32_t>(book_.beginnings.size());
    if (count > 0) return book_.beginnings[random_.below(count)];
    std::size_t at = random_.below(static_cast<std::uint32_t>(book_.entries.size()));
    while (at < book_.entries.size() && book_.entries[at].direction != Direction::to_server) ++at;
    return at;
  }

  [[nodiscard]] const Book::Entry* next_entry() {
    if (book_.entries.empty()) return nullptr;
    return &book_.entries[at_++ % book_.entries.size()];
  }

  [[nodiscard]] ByteView some_of(const Book::Entry& entry) const {
    return book_.bytes_of(entry).first(std::min(entry.length, kMostOrdinaryBytes));
  }

  void say(Direction direction, ByteView bytes) {
    if (bytes.empty()) return;
    out_.conversation.messages.push_back({direction, bytes, {}});
    said_[index_of(direction)] += bytes.size();
  }

  /// Within what matters, so that the occurrence itself is in so many segments.
  [[nodiscard]] std::vector<std::uint32_t> cuts(const Specimen& described) {
    const std::uint32_t room = described.end - described.begin - 1;
    const std::uint32_t wanted = std::min(random_.below(script_.wanted.most_segments), room);
    std::set<std::uint32_t> out;
    while (out.size() < wanted) out.insert(described.begin + 1 + random_.below(room));
    return {out.begin(), out.end()};
  }

  const Script& script_;
  const Scene& scene_;
  traffic::Random random_;
  const Book& book_;
  std::size_t at_ = 0;
  std::array<std::size_t, kDirections> said_{};
  AttackVariant out_;
};

}  // namespace

AttackVariant made_variant(const Script& script, const Scene& scene, ByteView specimen,
                           const Specimen& described, std::uint64_t draw) {
  Writer writer(script, scene, draw);
  writer.open();
  for (std::uint32_t i = 0; i < script.wanted.occurrences; ++i) {
    // Datagrams alert one by one; of a stream a window alerts once.
    if (i > 0 && scene.protocol == kTcp) writer.keep_away(script.window + specimen.size());
    if (i > 0 && scene.protocol == kUdp) writer.ordinary();
    writer.attack(specimen, described);
  }
  writer.ordinary();
  return writer.take();
}

}  // namespace mirrorscan::truth
