#pragma once
// Detection of one lcore over a ruleset written in a test: bytes and packets in, sids out.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alert/inspector.h"
#include "rules/load.h"
#include "support/catch.h"

namespace mirrorscan::alert_test {

using alert::Scanned;

[[nodiscard]] inline std::shared_ptr<const ruleset::Ruleset> compile(std::string_view text,
                                                                     std::uint32_t window = 4096) {
  rules::Options options;
  options.window = window;
  auto loaded = rules::load_text("test.rules", text, {}, options);
  if (!loaded) FAIL(loaded.error().text());
  for (const auto& remark : loaded.value().report.rejected) FAIL(remark.text());
  return std::move(loaded.value().ruleset);
}

/// A client at 10.0.0.1:40000 and a server at 10.0.0.2:80.
[[nodiscard]] inline alert::Subject subject(Direction d = Direction::to_server) {
  alert::Subject s;
  s.version = IpVersion::v4;
  s.protocol = 6;
  s.direction = d;
  s.established = true;
  s.src_port = 40'000;
  s.dst_port = 80;
  s.src = IpAddress::v4(10, 0, 0, 1);
  s.dst = IpAddress::v4(10, 0, 0, 2);
  if (d == Direction::to_client) {
    std::swap(s.src, s.dst);
    std::swap(s.src_port, s.dst_port);
  }
  return s;
}

struct Told {
  std::uint32_t sid = 0;
  bool in_stream = false;
  friend bool operator==(const Told&, const Told&) = default;
};

/// One inspector, one generation, and as many flows as the test brings.
class Case {
 public:
  explicit Case(std::string_view rules, const alert::Settings& settings = small(),
                std::uint32_t window = 4096)
      : ruleset_(compile(rules, window)), inspector_(settings, counters_) {
    auto installed = inspector_.install(ruleset_);
    if (!installed) FAIL(installed.error().text());
    generation_ = std::move(installed).value();
  }

  [[nodiscard]] static alert::Settings small() {
    alert::Settings s;
    s.stream.window_bytes = std::size_t{1} << 20;
    s.stream.pended = 1'024;
    s.max_streams = 16;
    s.max_alert_memories = 1'024;
    s.max_matches_per_packet = 64;
    return s;
  }

  /// The next bytes of the flow's stream, or those at `offset` after a gap.
  Scanned feed(alert::FlowState& flow, std::string_view bytes, Direction d = Direction::to_server) {
    return feed_at(flow, flow.streams[index_of(d)].next, bytes, d);
  }
  Scanned feed_at(alert::FlowState& flow, std::uint64_t offset, std::string_view bytes,
                  Direction d = Direction::to_server) {
    return inspector_.inspect_stream(*generation_, flow, subject(d), {as_bytes(bytes), offset, 0});
  }
  /// Bytes at `offset` that come again.
  alert::Copy again(alert::FlowState& flow, std::uint64_t offset, std::string_view bytes) {
    return inspector_.inspect_copy(*generation_, flow, subject(), {as_bytes(bytes), offset, 0});
  }
  /// Before the handshake is complete.
  Scanned feed_early(alert::FlowState& flow, std::string_view bytes) {
    alert::Subject early = subject();
    early.established = false;
    return inspector_.inspect_stream(*generation_, flow, early, {as_bytes(bytes), flow.streams[0].next, 0});
  }
  void end_early(alert::FlowState& flow) {
    alert::Subject early = subject();
    early.established = false;
    inspector_.end_stream(*generation_, flow, early);
  }
  void end(alert::FlowState& flow, Direction d = Direction::to_server) {
    inspector_.end_stream(*generation_, flow, subject(d));
  }
  /// A packet whose payload was captured whole, or of which `stated` bytes were sent.
  bool packet(alert::FlowState& flow, ruleset::ScanKind kind, std::string_view payload,
              const alert::Subject& about = subject(), std::size_t stated = 0,
              alert::StreamState* stream = nullptr, std::uint64_t stream_offset = 0) {
    (void)flow;
    packet::Meta meta{};
    meta.protocol = about.protocol;
    meta.payload_captured = static_cast<std::uint32_t>(payload.size());
    meta.payload_stated = static_cast<std::uint32_t>(std::max(stated, payload.size()));
    const signature::PacketView view{meta, {}, meta.payload_stated};
    return inspector_.inspect_packet(*generation_,
                                     {about, view, kind, as_bytes(payload), stream, stream_offset});
  }
  /// Packet time goes on.
  void at_second(std::int64_t second) { inspector_.at({second * 1'000'000}); }
  [[nodiscard]] std::optional<alert::Suspension> suspension() { return inspector_.take_suspension(); }
  void header(alert::FlowState& flow, const alert::Subject& about) {
    inspector_.inspect_header(*generation_, flow, about);
  }

  /// What the operator is told of everything since the last call, in order.
  std::vector<Told> told(alert::FlowState& flow, Timestamp now = {}) {
    std::vector<Told> out;
    inspector_.settle_matches(*generation_, flow, now, [&](const alert::Match& match) {
      out.push_back({ruleset_->rules[match.rule].sid, match.matched == alert::Matched::stream});
    });
    return out;
  }
  /// As told(), after what waits of rules with state was decided, as the worker does.
  std::vector<std::uint32_t> settled_sids(alert::FlowState& flow) {
    for (const Direction d : {Direction::to_server, Direction::to_client})
      if (inspector_.has_state()) inspector_.catch_up(*generation_, flow, subject(d));
    return sids(flow);
  }
  /// The flow's end.
  void forget(alert::FlowState& flow) { inspector_.forget(flow); }
  std::vector<std::uint32_t> sids(alert::FlowState& flow, Timestamp now = {}) {
    std::vector<std::uint32_t> out;
    for (const Told& t : told(flow, now)) out.push_back(t.sid);
    return out;
  }

  [[nodiscard]] std::uint64_t counted(ledger::Counter c) const { return counters_[c]; }
  [[nodiscard]] alert::Generation& generation() { return *generation_; }
  [[nodiscard]] const ruleset::Ruleset& rules() const { return *ruleset_; }

 private:
  ledger::Counters counters_;
  std::shared_ptr<const ruleset::Ruleset> ruleset_;
  alert::Inspector inspector_;
  std::unique_ptr<alert::Generation> generation_;
};

using Sids = std::vector<std::uint32_t>;

}  // namespace mirrorscan::alert_test
