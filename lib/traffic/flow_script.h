#pragma once
// What a flow says next: handshake, messages cut into segments, acknowledgments, teardown.
// Source: RFC 9293 section 3.5 (the order of a connection), RFC 1122 section 4.2.3.2 (an acknowledgment for
// every second segment).

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "traffic/book.h"
#include "traffic/conversation.h"
#include "traffic/flow.h"
#include "traffic/flow_draws.h"
#include "traffic/segment_law.h"

namespace mirrorscan::traffic {

/// A packet of a flow, before it has addresses.
struct Said {
  Direction direction = Direction::to_server;
  std::uint8_t tcp_flags = 0;
  std::uint8_t seq_ahead = 1, ack_ahead = 1;  ///< of the bytes sent and received: SYN and FIN count one each
  std::uint32_t offset = 0;                   ///< of the payload in its direction
  ByteView payload;
};

class FlowScript {
 public:
  /// `books` and `attacks` (or nullptr) outlive this.
  FlowScript(const Profile& profile, const Books& books, const AttackPlan* attacks, SegmentLaw law);

  /// Begins flow `serial`: everything but the flow's times.
  void begin(Flow& flow, std::uint64_t serial) const;
  /// The next packet of a flow that is not over.
  [[nodiscard]] Said say(Flow& flow) const;
  /// Of a flow that has just begun.
  [[nodiscard]] std::uint32_t packets(Flow flow) const;

  /// Of the packets without payload, Ethernet's header included.
  [[nodiscard]] std::size_t headers(const Flow& flow) const noexcept;
  [[nodiscard]] const Conversation* conversation(const Flow& flow) const {
    return flow.attack == kNoAttack ? nullptr : &attacks_->conversation(flow.attack, flow.serial);
  }
  [[nodiscard]] const FlowDraws& draws() const noexcept { return draws_; }
  [[nodiscard]] const SegmentLaw& law() const noexcept { return law_; }

 private:
  /// A book's text as flows say it, and the beginning once more for segments that go on there.
  struct Run {
    std::vector<std::uint8_t> text;
    std::size_t period = 0;
  };

  [[nodiscard]] bool raw(const Flow& flow) const noexcept {
    return flow.attack == kNoAttack && says_raw_text(flow.kind);
  }
  [[nodiscard]] bool counts_packets(const Flow& flow) const noexcept {
    return data_packets_ > 0 && flow.attack == kNoAttack;
  }
  [[nodiscard]] std::uint32_t messages_of(const Flow& flow) const;
  void take_up(Flow& flow) const;
  void take_up_raw(Flow& flow) const;
  void take_up_text(Flow& flow, Direction speaker, std::size_t bytes) const;
  [[nodiscard]] Said talk(Flow& flow) const;
  [[nodiscard]] ByteView segment(const Flow& flow) const;
  [[nodiscard]] ByteView raw_segment(const Flow& flow) const;
  [[nodiscard]] std::uint32_t limit(const Flow& flow) const noexcept;
  void go_on(Flow& flow, std::size_t bytes) const;

  const Books& books_;
  const AttackPlan* attacks_;
  SegmentLaw law_;
  FlowDraws draws_;
  std::uint32_t data_packets_;
  std::array<Run, kKinds> runs_;  ///< of the kinds that say raw text
};

}  // namespace mirrorscan::traffic
