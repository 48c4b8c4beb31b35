#pragma once
// Drives one assembler with the segments of one connection, the way the worker does, and writes down what
// came out.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "reassembly/assembler.h"

namespace mirrorscan::test {

/// A segment as a test writes it. Sequence numbers are absolute.
struct Say {
  Direction direction = Direction::to_server;
  std::uint32_t seq = 0;
  std::string_view flags = "A";  ///< letters of S A F R P U
  std::string_view payload = "";
  std::uint32_t ack = 0;
  std::uint16_t window = 0xffff;
  std::uint8_t window_scale = packet::Tcp::kNoWindowScale;
  std::uint32_t cut = 0;          ///< payload bytes lost to truncation
  std::uint32_t piece_bytes = 0;  ///< payload comes in pieces of so many bytes; 0 = in one
  bool fast_open = false;
};

class TcpTalk {
 public:
  explicit TcpTalk(const reassembly::Settings& settings) : assembler(settings) {}
  /// Over either version of IP the receivers resolve overlaps by `policy`.
  TcpTalk(reassembly::Settings settings, OverlapPolicy policy)
      : TcpTalk((settings.overlaps = {policy, policy}, settings)) {}

  reassembly::Outcome say(const Say& s) {
    serve_timeouts();
    const packet::Tcp tcp{.seq = s.seq,
                          .ack = s.ack,
                          .window = s.window,
                          .flags = flag_bits(s.flags),
                          .window_scale = s.window_scale,
                          .fast_open = s.fast_open};
    const auto captured = static_cast<std::uint32_t>(s.payload.size());
    const auto out = assembler.segment(
        connection, kId, {s.direction, tcp, captured, captured + s.cut, now, version}, pieces_of(s));
    check_sums(out, captured);
    if (out.deliver_length > 0)
      write(s.direction, as_bytes(s.payload.substr(out.deliver_offset, out.deliver_length)),
            out.stream_offset, out.gap_before);
    drain(s.direction);
    if (out.reset || (connection.finished(Direction::to_server) && connection.finished(Direction::to_client)))
      close();
    return out;
  }

  /// Lets time go by and gives up what is due.
  void wait(Duration d) {
    now = now + d;
    serve_timeouts();
  }

  void flush(Direction d) {
    assembler.flush(connection, d);
    drain(d);
  }

  void close() {
    flush(Direction::to_server);
    flush(Direction::to_client);
    assembler.release(connection);
    expect(assembler.held_pages() == 0 && assembler.held_bytes() == 0, "something is held after the close");
  }

  /// Ends the flow on this tuple; offsets of the next one begin at 0.
  void end_flow() {
    close();
    at_ = {};
    others_ = {};
  }

  /// What came out, holes written as their length: "abc<5>def".
  [[nodiscard]] const std::string& text(Direction d = Direction::to_server) const {
    return text_[index_of(d)];
  }
  /// The bytes of second versions that came out, by their offset.
  [[nodiscard]] const std::map<std::uint64_t, char>& others(Direction d = Direction::to_server) const {
    return others_[index_of(d)];
  }
  [[nodiscard]] std::uint64_t delivered(Direction d) const { return delivered_[index_of(d)]; }
  /// The first invariant that did not hold; empty when all did.
  [[nodiscard]] const std::string& broken() const { return broken_; }

  reassembly::Assembler assembler;
  reassembly::Connection connection;
  IpVersion version = IpVersion::v4;
  Timestamp now{1'000'000'000'000'000};
  std::uint64_t chunks = 0;
  std::uint64_t held_booked = 0;  ///< held as outcomes said, less the chunks that came out

 private:
  static constexpr std::uint32_t kId = 7;

  static std::uint8_t flag_bits(std::string_view letters) {
    unsigned bits = 0;
    for (const char c : letters)
      bits |= c == 'F' ? 1u : c == 'S' ? 2u : c == 'R' ? 4u : c == 'P' ? 8u : c == 'U' ? 32u : 16u;
    return static_cast<std::uint8_t>(bits);
  }

  std::vector<ByteView> pieces_of(const Say& s) const {
    std::vector<ByteView> pieces;
    const ByteView all = as_bytes(s.payload);
    const std::size_t step = s.piece_bytes == 0 ? all.size() : s.piece_bytes;
    for (std::size_t at = 0; at < all.size(); at += step)
      pieces.push_back(all.subspan(at, std::min(step, all.size() - at)));
    return pieces;
  }

  void serve_timeouts() {
    while (const auto due = assembler.due(now)) {
      expect(due->connection_id == kId, "a timeout of a connection that is not there");
      assembler.give_up(connection, due->direction, due->when);
      drain(due->direction);
    }
  }

  void drain(Direction d) {
    reassembly::Chunk chunk;
    while (assembler.next_chunk(connection, d, chunk)) {
      ++chunks;
      held_booked -= chunk.bytes.size();
      expect(!chunk.bytes.empty(), "an empty chunk");
      write(d, chunk.bytes, chunk.stream_offset, chunk.gap_before);
      while (assembler.next_other(connection, d, chunk)) note_other(d, chunk.bytes, chunk.stream_offset);
    }
    expect(assembler.held_bytes() == held_booked, "held bytes do not add up");
  }

  void write(Direction d, ByteView bytes, std::uint64_t offset, std::uint64_t gap) {
    std::uint64_t& at = at_[index_of(d)];
    expect(offset == at + gap, "an offset that is not the last one plus the gap");
    at = offset + bytes.size();
    delivered_[index_of(d)] += bytes.size();
    std::string& text = text_[index_of(d)];
    if (gap > 0) text.append(1, '<').append(std::to_string(gap)).append(1, '>');
    text += as_text(bytes);
  }

  void note_other(Direction d, ByteView bytes, std::uint64_t offset) {
    expect(!bytes.empty(), "an empty second version");
    expect(offset + bytes.size() <= at_[index_of(d)], "a second version of what did not come yet");
    for (const char byte : as_text(bytes))
      expect(others_[index_of(d)].emplace(offset++, byte).second, "a second version came twice");
  }

  void check_sums(const reassembly::Outcome& o, std::uint32_t captured) {
    const std::uint64_t sum = std::uint64_t{o.deliver_length} + o.held + o.retransmitted + o.out_of_window +
                              o.beyond_depth + o.over_budget + o.late;
    const bool tracked = o.kind == reassembly::Outcome::Kind::tracked;
    expect(sum == (tracked ? captured : 0), "the segment's bytes do not add up");
    expect(o.deliver_offset + o.deliver_length <= captured, "the deliver part is outside the payload");
    held_booked += o.held;
  }

  void expect(bool holds, const char* what) {
    if (!holds && broken_.empty()) broken_ = what;
  }

  std::array<std::string, kDirections> text_;
  std::array<std::map<std::uint64_t, char>, kDirections> others_;
  std::array<std::uint64_t, kDirections> at_{};
  std::array<std::uint64_t, kDirections> delivered_{};
  std::string broken_;
};

}  // namespace mirrorscan::test
