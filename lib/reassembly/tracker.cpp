#include "reassembly/tracker.h"

#include "reassembly/sequence.h"

namespace mirrorscan::reassembly {
namespace {

using packet::Tcp;

/// A segment this far before a stream that was picked up midstream still belongs to it: reordering at the
/// start.
constexpr std::int64_t kBeforeStart = 65'536;

/// The most that a SYN can carry, and so the most that the answering acknowledgement is ahead of it.
constexpr std::uint32_t kMaxSynPayload = 65'535;

void start(StreamState& s, std::uint32_t first_seq) noexcept {
  s = StreamState{};
  s.base_seq = first_seq;
  s.set(StreamState::kStarted);
}

class Step {
 public:
  Step(Connection& connection, const Segment& segment, const Settings& settings, Outcome& out) noexcept
      : c_(connection),
        segment_(segment),
        settings_(settings),
        out_(out),
        s_(connection.stream(segment.direction)),
        peer_(connection.stream(opposite(segment.direction))) {}

  void run() noexcept {
    if (has(kRstBit)) return on_reset();
    if (c_.state == TcpState::closed) {
      if (on_closed()) out_.kind = Outcome::Kind::tracked;
      return;
    }
    if (answers_rival()) return reuse();
    const bool tracked = has(kSynBit) ? on_syn() : on_plain();
    if (c_.state == TcpState::none || out_.tuple_reused) return;
    note_ack();
    if (tracked) {
      out_.kind = Outcome::Kind::tracked;
      out_.new_connection = !c_.announced;
      c_.announced = true;
      note_fin();
    }
    advance(tracked);
  }

 private:
  [[nodiscard]] bool has(std::uint8_t bit) const noexcept { return (segment_.tcp.flags & bit) != 0; }
  [[nodiscard]] bool ignores_midstream() const noexcept { return settings_.midstream == Midstream::ignore; }

  void reuse() noexcept { out_.tuple_reused = true; }

  /// Where FINs closed, the streams' ends are known: data that the closing overtook on its way to us, or that
  /// is sent again, still has its place. After a RST nothing has.
  bool on_closed() noexcept {
    c_.rival_syn = false;
    if (has(kSynBit) && !has(kAckBit)) reuse();
    // What was sent before the close may come after it: reordering must not change the stream.
    return !has(kSynBit) && s_.is(StreamState::kStarted);
  }

  // --- SYN ---

  bool on_syn() noexcept {
    const std::uint32_t first = segment_.tcp.seq + 1;
    if (c_.state == TcpState::none) return open(first);
    if (!s_.is(StreamState::kStarted)) return second_syn(first);
    if (s_.base_seq == first) return see_syn();
    const std::int64_t offset = offset_of(s_, first);
    if (!s_.is(StreamState::kSyn) && offset <= 0 && offset >= -kBeforeStart) {
      if (untouched(s_)) move_start(s_, first);
      return see_syn();
    }
    if (untouched(s_) && !s_.is(StreamState::kSynAcked)) {
      start(s_, first);
      return see_syn();
    }
    return rival();
  }

  bool open(std::uint32_t first) noexcept {
    if (has(kAckBit) && ignores_midstream()) return false;
    start(s_, first);
    c_.state = TcpState::syn_sent;
    c_.opener = segment_.direction;
    if (has(kAckBit)) {
      // The SYN/ACK says where the client's stream begins (RFC 9293 3.5); data on its SYN may still come.
      start(peer_, segment_.tcp.ack);
      c_.state = TcpState::syn_received;
      c_.opener = opposite(segment_.direction);
      c_.midstream = out_.midstream = true;
    }
    return see_syn();
  }

  /// The peer's first SYN: with ACK in the usual handshake, bare in a simultaneous open (RFC 9293 3.5, figure
  /// 7) and in the split handshakes made of it.
  bool second_syn(std::uint32_t first) noexcept {
    if (has(kAckBit) && peer_.is(StreamState::kStarted) && !acknowledges_peer()) {
      if (!untouched(peer_) || peer_.is(StreamState::kSynAcked)) return false;
      // It answers a SYN that we took for replaced or did not see.
      move_start(peer_, segment_.tcp.ack);
    }
    start(s_, first);
    if (c_.state == TcpState::syn_sent) c_.state = TcpState::syn_received;
    return see_syn();
  }

  [[nodiscard]] bool acknowledges_peer() const noexcept {
    const std::int64_t offset = offset_of(peer_, segment_.tcp.ack);
    return offset >= 0 && offset <= static_cast<std::int64_t>(peer_.next);
  }

  bool see_syn() noexcept {
    s_.set(StreamState::kSyn);
    s_.window_scale = segment_.tcp.window_scale;
    return true;
  }

  /// A SYN that does not fit: of a new connection, or forged to blind us. RFC 5961 section 4 has the receiver
  /// ignore it, so we go on with the old connection until the peer answers the new one. The segment is
  /// inspected alone.
  bool rival() noexcept {
    if (has(kAckBit)) return false;
    if (s_.is(StreamState::kFin) && peer_.is(StreamState::kFin)) {
      c_.rival_syn = false;
      reuse();
      return false;
    }
    c_.rival_syn = true;
    c_.rival_direction = segment_.direction;
    c_.rival_seq = segment_.tcp.seq;
    c_.rival_scale = segment_.tcp.window_scale;
    return false;
  }

  [[nodiscard]] bool answers_rival() const noexcept {
    if (!c_.rival_syn) return false;
    if (segment_.direction != c_.rival_direction)
      return has(kSynBit) && has(kAckBit) && segment_.tcp.ack != peer_.base_seq &&
             segment_.tcp.ack - (c_.rival_seq + 1) <= kMaxSynPayload;
    // Of a one-sided flow no answer can be seen: data that follows the SYN must do.
    const bool one_sided = !peer_.is(StreamState::kStarted) && !s_.is(StreamState::kAckSeen);
    return one_sided && !has(kSynBit) && segment_.captured > 0 && segment_.tcp.seq == c_.rival_seq + 1 &&
           segment_.tcp.seq != s_.base_seq + static_cast<std::uint32_t>(s_.next);
  }

  // --- neither SYN nor RST ---

  bool on_plain() noexcept {
    if (s_.is(StreamState::kStarted)) return true;
    if (ignores_midstream()) return false;
    // In an unfinished handshake a bare ACK proves nothing: the SYN may follow (split handshake).
    const bool opening = c_.state == TcpState::syn_sent;
    if (opening && payload_length(segment_) == 0 && !has(kFinBit)) return false;
    start(s_, segment_.tcp.seq);
    if (c_.state == TcpState::none) c_.midstream = out_.midstream = true;
    if (c_.state == TcpState::none || opening) establish();
    return true;
  }

  // --- RST ---

  void on_reset() noexcept {
    if (c_.state == TcpState::none || c_.state == TcpState::closed || !plausible_reset()) return;
    c_.state = TcpState::closed;
    // Its sender says no more; what its peer had in flight is still the stream's.
    for (StreamState& s : c_.streams) s.clear(StreamState::kFin);
    if (s_.is(StreamState::kStarted)) {
      s_.fin = s_.next;
      s_.set(StreamState::kFin);
    }
    out_.closed_now = out_.reset = true;
  }

  /// RFC 9293 3.10.7.4: a receiver resets only at the very next number it expects (another one in its window
  /// it answers, and goes on), so anything else must not blind us. That number is the next we saw, or, where
  /// the peer lacks what we saw, the highest it acknowledged. Before the peer spoke: an answer to its SYN
  /// (3.5.2).
  [[nodiscard]] bool plausible_reset() const noexcept {
    if (s_.is(StreamState::kStarted)) {
      const std::int64_t offset = offset_of(s_, segment_.tcp.seq);
      return offset == static_cast<std::int64_t>(s_.next) ||
             (s_.is(StreamState::kAckSeen) &&
              offset == static_cast<std::int64_t>(std::min(s_.acked, s_.next)));
    }
    if (!has(kAckBit) || !peer_.is(StreamState::kStarted)) return false;
    const std::int64_t offset = offset_of(peer_, segment_.tcp.ack);
    return offset >= 0 && offset <= static_cast<std::int64_t>(peer_.next) + 1;
  }

  // --- what any segment says ---

  void note_ack() noexcept {
    if (!has(kAckBit) || !peer_.is(StreamState::kStarted)) return;
    const std::int64_t offset = offset_of(peer_, segment_.tcp.ack);
    if (offset < 0 || offset > static_cast<std::int64_t>(peer_.next) + kUnknownWindow) return;
    const auto acked = static_cast<std::uint64_t>(offset);
    if (has(kSynBit) && acked == 0 && peer_.next > 0 && !peer_.is(StreamState::kSynAcked)) {
      // The data on the SYN was refused (RFC 7413 4.2.2): it comes again, and it may differ.
      peer_.late_begin = 0;
      peer_.late_length = static_cast<std::uint32_t>(peer_.next);
    }
    peer_.set(StreamState::kSynAcked);
    peer_.set(StreamState::kAckSeen);
    peer_.acked = std::max(peer_.acked, acked);
    // The receiver went on behind the FIN: it never took it.
    if (peer_.is(StreamState::kFin) && acked > peer_.fin + 1) peer_.clear(StreamState::kFin);
    note_window(acked);
  }

  void note_window(std::uint64_t acked) noexcept {
    if (!s_.is(StreamState::kSyn)) return;
    const bool scaled = !has(kSynBit) && s_.window_scale != Tcp::kNoWindowScale &&
                        !(peer_.is(StreamState::kSyn) && peer_.window_scale == Tcp::kNoWindowScale);
    // RFC 7323 2.3: a shift above 14 counts as 14.
    const unsigned shift = scaled ? std::min<unsigned>(s_.window_scale, 14) : 0;
    peer_.right_edge =
        std::max(peer_.right_edge, acked + 2 * (static_cast<std::uint64_t>(segment_.tcp.window) << shift));
    peer_.set(StreamState::kWindowKnown);
  }

  void note_fin() noexcept {
    if (!has(kFinBit) || s_.is(StreamState::kFin)) return;
    const std::int64_t begin = offset_of(s_, payload_seq(segment_));
    const std::int64_t end = begin + payload_length(segment_);
    const auto next = static_cast<std::int64_t>(s_.next);
    if (end < next || (begin > next && end > window_end(s_))) return;
    const auto fin = static_cast<std::uint64_t>(end);
    if (s_.is(StreamState::kAckSeen) && s_.acked > fin + 1) return;
    s_.fin = fin;
    s_.set(StreamState::kFin);
  }

  void establish() noexcept {
    c_.state = TcpState::established;
    out_.established_now = true;
  }

  void advance(bool tracked) noexcept {
    const bool opening = c_.state == TcpState::syn_sent || c_.state == TcpState::syn_received;
    const bool payload = tracked && payload_length(segment_) > 0 && !has(kSynBit) &&
                         settings_.established == Established::by_payload;
    const bool shaken = s_.is(StreamState::kSynAcked) && peer_.is(StreamState::kSynAcked);
    if (opening && (shaken || payload)) establish();

    const bool fin = s_.is(StreamState::kFin), peer_fin = peer_.is(StreamState::kFin);
    if (fin && peer_fin && s_.acked > s_.fin && peer_.acked > peer_.fin) {
      c_.state = TcpState::closed;
      out_.closed_now = true;
    } else if (fin || peer_fin) {
      c_.state = TcpState::closing;
    } else if (c_.state == TcpState::closing) {
      c_.state = TcpState::established;
    }
  }

  Connection& c_;
  const Segment& segment_;
  const Settings& settings_;
  Outcome& out_;
  StreamState& s_;
  StreamState& peer_;
};

}  // namespace

void track(Connection& connection, const Segment& segment, const Settings& settings, Outcome& out) noexcept {
  Step(connection, segment, settings, out).run();
}

Connection successor_of(const Connection& ended) noexcept {
  Connection c;
  if (!ended.rival_syn) return c;
  StreamState& s = c.stream(ended.rival_direction);
  start(s, ended.rival_seq + 1);
  s.set(StreamState::kSyn);
  s.window_scale = ended.rival_scale;
  c.state = TcpState::syn_sent;
  c.opener = ended.rival_direction;
  return c;
}

}  // namespace mirrorscan::reassembly
