#include "traffic/flow_script.h"

#include <algorithm>
#include <utility>

#include "traffic/frame_length.h"

namespace mirrorscan::traffic {
namespace {

using namespace wire::tcp_flag;

constexpr std::uint32_t kRawMessages = 2;      ///< one exchange
constexpr std::uint32_t kMostRawSegments = 4;  ///< of a message whose packets have sizes of their own
constexpr std::uint8_t kSegmentsForAck = 2;

[[nodiscard]] Said control(Direction direction, std::uint8_t flags, const Flow& flow) noexcept {
  return {
      .direction = direction, .tcp_flags = flags, .offset = flow.sent[index_of(direction)], .payload = {}};
}

}  // namespace

FlowScript::FlowScript(const Profile& profile, const Books& books, const AttackPlan* attacks, SegmentLaw law)
    : books_(books),
      attacks_(attacks),
      law_(std::move(law)),
      draws_(profile),
      data_packets_(profile.flows.data_packets) {
  for (const Kind kind : {Kind::tcp, Kind::udp}) {
    const std::vector<std::uint8_t>& text = books.of(kind).text;
    Run& run = runs_[static_cast<std::size_t>(kind)];
    run.period = text.size();
    while (!text.empty() && run.text.size() < text.size() + kMostSegmentBytes)
      run.text.insert(run.text.end(), text.begin(), text.end());
  }
}

void FlowScript::begin(Flow& flow, std::uint64_t serial) const {
  const std::uint32_t next = flow.next;
  const std::uint64_t now = flow.next_ns;
  flow = Flow{.next_ns = now, .serial = serial, .next = next, .kind = draws_.kind(serial)};
  if (attacks_ != nullptr) flow.attack = attacks_->attack_of(serial);
  if (const Conversation* attack = conversation(flow))
    flow.kind = attack->protocol == wire::ip_protocol::kUdp ? Kind::udp : Kind::tcp;
  else if (!raw(flow))
    flow.message =
        books_.of(flow.kind)
            .beginnings[draws_.place(serial, Direction::to_server, books_.of(flow.kind).beginnings.size())];
  flow.left = counts_packets(flow) ? data_packets_ : messages_of(flow);
  flow.phase = is_udp(flow.kind) ? Phase::talking : Phase::syn;
  take_up(flow);
}

std::uint32_t FlowScript::messages_of(const Flow& flow) const {
  if (const Conversation* attack = conversation(flow))
    return static_cast<std::uint32_t>(attack->messages.size());
  if (raw(flow)) return kRawMessages;
  const Book& book = books_.of(flow.kind);
  const auto next = std::upper_bound(book.beginnings.begin(), book.beginnings.end(), flow.message);
  const std::size_t end = next == book.beginnings.end() ? book.entries.size() : *next;
  return static_cast<std::uint32_t>(end) - flow.message;
}

std::uint32_t FlowScript::packets(Flow flow) const {
  std::uint32_t count = 0;
  for (; flow.phase != Phase::over; ++count) (void)say(flow);
  return count;
}

std::size_t FlowScript::headers(const Flow& flow) const noexcept {
  PacketPlan plan;
  plan.ends.version = draws_.ipv6(flow.serial) ? IpVersion::v6 : IpVersion::v4;
  plan.ends.protocol = is_udp(flow.kind) ? wire::ip_protocol::kUdp : wire::ip_protocol::kTcp;
  return frame_length(plan);
}

Said FlowScript::say(Flow& flow) const {
  ++flow.packets;
  Said out;
  switch (flow.phase) {
    case Phase::syn:
      flow.phase = Phase::syn_ack;
      out = control(Direction::to_server, kSyn, flow);
      out.seq_ahead = 0;
      return out;
    case Phase::syn_ack:
      flow.phase = Phase::handshake_ack;
      out = control(Direction::to_client, kSyn | kAck, flow);
      out.seq_ahead = 0;
      return out;
    case Phase::handshake_ack: flow.phase = Phase::talking; return control(Direction::to_server, kAck, flow);
    case Phase::client_fin:
      flow.phase = Phase::server_fin;
      return control(Direction::to_server, kFin | kAck, flow);
    case Phase::server_fin:
      flow.phase = Phase::last_ack;
      out = control(Direction::to_client, kFin | kAck, flow);
      out.ack_ahead = 2;
      return out;
    case Phase::last_ack:
      flow.phase = Phase::over;
      out = control(Direction::to_server, kAck, flow);
      out.seq_ahead = out.ack_ahead = 2;
      return out;
    case Phase::talking:
    case Phase::over: break;
  }
  return talk(flow);
}

Said FlowScript::talk(Flow& flow) const {
  const bool tcp = !is_udp(flow.kind);
  if (tcp && flow.unacked == kSegmentsForAck) {
    flow.unacked = 0;
    return control(opposite(flow.speaker), kAck, flow);
  }
  Said out = control(flow.speaker, tcp ? kAck : 0, flow);
  out.payload = segment(flow);
  ++flow.unacked;
  go_on(flow, out.payload.size());
  if (tcp && flow.at == 0) out.tcp_flags |= kPsh;
  return out;
}

/// After a data packet: to the next message where this one has been said, or to the end.
void FlowScript::go_on(Flow& flow, std::size_t bytes) const {
  flow.sent[index_of(flow.speaker)] += static_cast<std::uint32_t>(bytes);
  flow.at += raw(flow) && law_.sized() ? 1 : static_cast<std::uint32_t>(bytes);
  const bool message_said = flow.at >= flow.end;
  if (message_said) flow.at = 0;
  if ((counts_packets(flow) || message_said) && --flow.left == 0) {
    flow.phase = is_udp(flow.kind) ? Phase::over : Phase::client_fin;
    flow.at = 0;
    return;
  }
  if (!message_said) return;
  ++flow.message;
  take_up(flow);
}

void FlowScript::take_up(Flow& flow) const {
  if (raw(flow)) return take_up_raw(flow);
  if (const Conversation* attack = conversation(flow)) {
    const Message& message = attack->messages[flow.message];
    return take_up_text(flow, message.direction, message.bytes.size());
  }
  const Book& book = books_.of(flow.kind);
  if (flow.message >= book.entries.size()) flow.message = 0;
  take_up_text(flow, book.entries[flow.message].direction, book.entries[flow.message].length);
}

/// Client and server in turn.
void FlowScript::take_up_raw(Flow& flow) const {
  const std::uint64_t drawn = draws_.bits(flow.serial, ~flow.message) >> 32;
  const auto& entries = books_.of(flow.kind).entries;
  const std::size_t length =
      law_.sized() ? 1 + (drawn * kMostRawSegments >> 32) : entries[drawn * entries.size() >> 32].length;
  take_up_text(flow, flow.message % 2 == 0 ? Direction::to_server : Direction::to_client, length);
}

void FlowScript::take_up_text(Flow& flow, Direction speaker, std::size_t bytes) const {
  if (speaker != flow.speaker) flow.unacked = 0;
  flow.speaker = speaker;
  flow.at = 0;
  flow.end = static_cast<std::uint32_t>(bytes);
}

std::uint32_t FlowScript::limit(const Flow& flow) const noexcept {
  return law_.payload(law_.sized() ? headers(flow) : 0, draws_.bits(flow.serial, flow.packets));
}

ByteView FlowScript::segment(const Flow& flow) const {
  if (raw(flow)) return raw_segment(flow);
  const bool datagram = is_udp(flow.kind);
  if (const Conversation* attack = conversation(flow)) {
    const Message& message = attack->messages[flow.message];
    if (datagram) return message.bytes;
    const auto cut = std::upper_bound(message.cuts.begin(), message.cuts.end(), flow.at);
    const std::uint32_t end = cut == message.cuts.end() ? flow.end : std::min(*cut, flow.end);
    return message.bytes.subspan(flow.at, std::min(limit(flow), end - flow.at));
  }
  const Book& book = books_.of(flow.kind);
  const ByteView bytes = book.bytes_of(book.entries[flow.message]);
  return datagram ? bytes : bytes.subspan(flow.at, std::min(limit(flow), flow.end - flow.at));
}

/// Each direction of a flow goes on through the text from a place of its own.
ByteView FlowScript::raw_segment(const Flow& flow) const {
  const Run& run = runs_[static_cast<std::size_t>(flow.kind)];
  const std::uint64_t begin = draws_.place(flow.serial, flow.speaker, run.period);
  const std::size_t at = (begin + flow.sent[index_of(flow.speaker)]) % run.period;
  const std::uint32_t most = limit(flow);
  return ByteView(run.text).subspan(at, law_.sized() ? most : std::min(most, flow.end - flow.at));
}

}  // namespace mirrorscan::traffic
