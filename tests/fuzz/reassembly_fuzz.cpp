// Segments, time and closes from the fuzzer's bytes. What must hold: each segment's bytes add up, offsets
// grow by exactly what is delivered and given up, held bytes are those booked, and a close leaves nothing
// behind.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "support/tcp_talk.h"

using namespace mirrorscan;
using mirrorscan::test::Say;
using mirrorscan::test::TcpTalk;

namespace {

/// Reads the input front to back; zeros after its end.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint32_t byte() { return at_ < size_ ? data_[at_++] : 0; }
  std::uint32_t word() {
    const std::uint32_t high = byte();
    return high << 8 | byte();
  }
  [[nodiscard]] bool done() const { return at_ >= size_; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

reassembly::Settings settings_from(Input& in) {
  reassembly::Settings s;
  const std::uint32_t bits = in.byte();
  s.midstream = (bits & 1) != 0 ? reassembly::Midstream::ignore : reassembly::Midstream::pick_up;
  s.established =
      (bits & 2) != 0 ? reassembly::Established::by_handshake : reassembly::Established::by_payload;
  s.depth_bytes = (bits & 4) != 0 ? 5'000 : 0;
  s.max_held_bytes = 1024 * (1 + (bits >> 3 & 3) * 20);
  s.max_held_bytes_per_stream = 1024 * (1 + (bits >> 5 & 7) * 3);
  return s;
}

/// A few sequence numbers near each other, near the wrap and far away reach the interesting cases soonest.
std::uint32_t sequence(Input& in) {
  constexpr std::array<std::uint32_t, 8> kBases{0,       1000,       0xffffff00, 0x7fffff00,
                                                100'000, 70'000'000, 3'000,      200};
  const std::uint32_t word = in.word();
  return kBases[word >> 13] + (word & 0x1fff);
}

std::string_view flags_of(std::uint32_t bits) {
  constexpr std::array<std::string_view, 8> kFlags{"A", "S", "SA", "FA", "R", "", "PA", "A"};
  return kFlags[bits & 7];
}

void segment(TcpTalk& talk, Input& in) {
  static const std::string kPayload = [] {
    std::string bytes(4'096, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
    return bytes;
  }();
  const std::uint32_t shape = in.byte();
  Say say;
  say.direction = (shape & 8) != 0 ? Direction::to_client : Direction::to_server;
  say.flags = flags_of(shape);
  say.seq = sequence(in);
  say.ack = sequence(in);
  say.payload = std::string_view(kPayload).substr(0, (shape & 16) != 0 ? in.byte() : in.word() % 4'096);
  say.cut = (shape & 32) != 0 ? in.word() : 0;
  say.piece_bytes = (shape & 64) != 0 ? 100 : 0;
  say.window = static_cast<std::uint16_t>((shape & 128) != 0 ? in.word() : 4'096);
  say.window_scale = static_cast<std::uint8_t>((shape & 128) != 0 ? in.byte() : 0xff);
  if (!talk.say(say).tuple_reused) return;
  // The worker's answer: the flow ends, its successor takes the segment.
  talk.end_flow();
  talk.connection = successor_of(talk.connection);
  if (talk.say(say).tuple_reused) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input in(data, size);
  const reassembly::Settings settings = settings_from(in);
  TcpTalk talk{settings, static_cast<OverlapPolicy>(in.byte() % kOverlapPolicies)};
  while (!in.done()) {
    const std::uint32_t op = in.byte();
    if (op < 16)
      talk.wait(Duration::milliseconds(static_cast<std::int64_t>(op) * op * 20));
    else if (op < 20)
      talk.flush(op % 2 == 0 ? Direction::to_server : Direction::to_client);
    else
      segment(talk, in);
    if (!talk.broken().empty()) __builtin_trap();
  }
  talk.close();
  if (!talk.broken().empty()) __builtin_trap();
  return 0;
}
