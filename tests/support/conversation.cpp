#include "support/conversation.h"

#include <algorithm>
#include <utility>

namespace mirrorscan::support {
namespace {

/// Writes down the packets of one conversation in the order in which they are sent.
class Sender {
 public:
  struct Sent {
    Bytes frame;
    bool movable;
  };

  Sender(const Conversation& talk, const Cut& cut, Random& random)
      : talk_(talk), cut_(cut), random_(random) {}

  std::vector<Sent> run() {
    shake_hands();
    std::array<std::size_t, kDirections> last_turn{talk_.turns.size(), talk_.turns.size()};
    for (std::size_t i = 0; i < talk_.turns.size(); ++i) last_turn[index_of(talk_.turns[i].direction)] = i;
    for (std::size_t i = 0; i < talk_.turns.size(); ++i) {
      const Conversation::Turn& turn = talk_.turns[i];
      const bool closes = talk_.ending == Ending::fin && cut_.fin_with_data && i + 1 == talk_.turns.size() &&
                          last_turn[index_of(turn.direction)] == i;
      say(turn, closes);
    }
    if (talk_.ending == Ending::fin) part();
    return std::move(sent_);
  }

 private:
  [[nodiscard]] std::uint32_t seq(Direction d, std::size_t offset) const {
    return talk_.first_seq[index_of(d)] + 1 + static_cast<std::uint32_t>(offset);
  }
  [[nodiscard]] std::size_t said(Direction d) const { return said_[index_of(d)]; }
  /// Acknowledges all that the other side has said, its FIN included.
  [[nodiscard]] std::uint32_t ack(Direction d) const {
    const Direction peer = opposite(d);
    return seq(peer, said(peer)) + (finished_[index_of(peer)] ? 1 : 0);
  }
  [[nodiscard]] Packet from(Direction d) const {
    const bool forward = d == Direction::to_server;
    Packet p;
    p.ip(forward ? talk_.client : talk_.server, forward ? talk_.server : talk_.client)
        .tcp(forward ? talk_.client_port : talk_.server_port,
             forward ? talk_.server_port : talk_.client_port);
    return p;
  }
  void send(const Packet& p, bool movable) { sent_.push_back({p.bytes(), movable}); }
  void data(Direction d, std::size_t begin, std::size_t end, std::uint8_t more_flags = 0) {
    send(from(d)
             .seq(seq(d, begin))
             .ack(ack(d))
             .flags(static_cast<std::uint8_t>(kAck | kPsh | more_flags))
             .payload(std::string_view(talk_.streams[index_of(d)]).substr(begin, end - begin)),
         true);
  }

  void shake_hands() {
    Packet syn = from(Direction::to_server).seq(talk_.first_seq[0]).flags(kSyn);
    if (cut_.syn_data > 0 && !talk_.turns.empty() && talk_.turns[0].direction == Direction::to_server) {
      said_[0] = std::min({cut_.syn_data, talk_.turns[0].end, std::size_t{1'400}});
      syn.tcp_option(34, Bytes(8, 0x5a)).payload(std::string_view(talk_.streams[0]).substr(0, said_[0]));
    }
    send(syn, false);
    send(from(Direction::to_client)
             .seq(talk_.first_seq[1])
             .ack(seq(Direction::to_server, said_[0]))
             .flags(kSyn | kAck),
         false);
    send(from(Direction::to_server).seq(seq(Direction::to_server, said_[0])).ack(talk_.first_seq[1] + 1),
         false);
  }

  void say(const Conversation::Turn& turn, bool closes) {
    const Direction d = turn.direction;
    std::size_t at = std::max(turn.begin, said(d));
    while (at < turn.end) {
      const std::size_t want = cut_.least + pick(random_, cut_.most - cut_.least + 1);
      const std::size_t end = std::min(turn.end, at + want);
      const bool fin = closes && end == turn.end;
      data(d, at, end, fin ? kFin : 0);
      said_[index_of(d)] = end;
      if (fin) finished_[index_of(d)] = true;
      if (pick(random_, 100) < cut_.retransmitted_pct) data(d, at, end, fin ? kFin : 0);
      if (pick(random_, 100) < cut_.overlapping_pct) repeat_some(d, at, end);
      at = end;
    }
  }

  /// Bytes of before and some of those just sent, and some that come next, cut elsewhere.
  void repeat_some(Direction d, std::size_t at, std::size_t end) {
    const std::size_t back = pick(random_, std::min<std::size_t>(at, 600) + 1);
    const std::size_t begin = at - back;
    const std::size_t last = std::min(end + pick(random_, 40), limit(d));
    const std::size_t stop = begin + 1 + pick(random_, std::min<std::size_t>(last - begin, 1'460));
    data(d, begin, std::min(stop, last));
  }
  /// What may be repeated: nothing behind the turn that is being said.
  [[nodiscard]] std::size_t limit(Direction d) const {
    for (const Conversation::Turn& turn : talk_.turns)
      if (turn.direction == d && said(d) <= turn.end && said(d) > turn.begin) return turn.end;
    return said(d);
  }

  void part() {
    const bool movable = cut_.freedom == Freedom::data_and_ending;
    const Direction first = finished_[1]                            ? Direction::to_client
                            : finished_[0] || pick(random_, 2) == 0 ? Direction::to_server
                                                                    : Direction::to_client;
    for (const Direction d : {first, opposite(first)}) {
      if (finished_[index_of(d)]) continue;
      send(from(d).seq(seq(d, said(d))).ack(ack(d)).flags(kFin | kAck), movable);
      finished_[index_of(d)] = true;
    }
    for (const Direction d : {opposite(first), first})
      send(from(d).seq(seq(d, said(d)) + 1).ack(ack(d)), movable);
  }

  const Conversation& talk_;
  const Cut& cut_;
  Random& random_;
  std::array<std::size_t, kDirections> said_{};
  std::array<bool, kDirections> finished_{};
  std::vector<Sent> sent_;
};

}  // namespace

std::string Cut::text() const {
  return std::to_string(least) + " to " + std::to_string(most) + " bytes, retransmitted " +
         std::to_string(retransmitted_pct) + " %, overlapping " + std::to_string(overlapping_pct) +
         " %, reorder " + std::to_string(reorder) + (freedom == Freedom::data ? "" : " with the ending") +
         ", SYN data " + std::to_string(syn_data) + (fin_with_data ? ", FIN with data" : "");
}

void take_turns(Conversation& talk, Random& random) {
  std::array<std::size_t, kDirections> said{};
  Direction d = pick(random, 4) == 0 ? Direction::to_client : Direction::to_server;
  while (said[0] < talk.streams[0].size() || said[1] < talk.streams[1].size()) {
    std::size_t& at = said[index_of(d)];
    const std::size_t left = talk.streams[index_of(d)].size() - at;
    const std::size_t take = pick(random, 3) == 0 ? left : std::min(left, 1 + pick(random, 5'000));
    if (take > 0) talk.turns.push_back({d, at, at + take});
    at += take;
    d = opposite(d);
  }
}

std::vector<Bytes> frames_of(const Conversation& talk, const Cut& cut, Random& random) {
  std::vector<Sender::Sent> sent = Sender(talk, cut, random).run();
  if (cut.reorder > 0) {
    const auto first = std::find_if(sent.begin(), sent.end(), [](const auto& s) { return s.movable; });
    auto last = first;
    while (last != sent.end() && last->movable) ++last;
    std::vector<std::pair<std::size_t, Sender::Sent>> keyed;
    for (auto s = first; s != last; ++s)
      keyed.emplace_back(keyed.size() + pick(random, cut.reorder), std::move(*s));
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::transform(keyed.begin(), keyed.end(), first, [](auto& k) { return std::move(k.second); });
  }
  std::vector<Bytes> frames;
  for (Sender::Sent& s : sent) frames.push_back(std::move(s.frame));
  return frames;
}

}  // namespace mirrorscan::support
