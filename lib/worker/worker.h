#pragma once
// One lcore's loop, and the only room that knows the order of the others:
//
//   decap -> decode -> steer -> [inbox ->] dedup -> [defrag -> steer ->] flow -> [reassembly ->] match and
//   alert
//   -> records to the ring
//
// Every packet ends in one bucket of its VNI's ledger, every payload byte in one disposition. All workers are
// alike: each decapsulates what its queues bring, sends what others own to their inboxes, and follows its own
// flows.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "alert/inspector.h"
#include "base/stage_cycles.h"
#include "dedup/dedup.h"
#include "defrag/defragmenter.h"
#include "flow/table.h"
#include "flow/tenant_conflict.h"
#include "hosts/host_state.h"
#include "ledger/counter.h"
#include "reassembly/assembler.h"
#include "record/record.h"
#include "ring/spsc_ring.h"
#include "worker/ahead.h"
#include "worker/exchange.h"
#include "worker/flow_state.h"
#include "worker/host_queries.h"
#include "worker/outbox.h"
#include "worker/settings.h"
#include "worker/tenants.h"
#include "worker/vni_ledgers.h"

struct rte_mbuf;
struct rte_mempool;

namespace mirrorscan::worker {

struct Visit;  // visit.h: a packet on its way through its flow

using RecordRing = ring::SpscRing<record::Record>;

/// A worker's place among its peers; without an exchange it is alone and owns everything.
struct Place {
  Exchange* exchange = nullptr;
  std::uint32_t self = 0;  ///< 0 .. workers - 1
};

class Worker {
 public:
  static constexpr std::size_t kMaxBurst = Outbox::kCapacity;

  /// `datagrams` gives the mbufs of reassembled datagrams; `out` takes the event records. Allocates
  /// everything.
  [[nodiscard]] static Result<std::unique_ptr<Worker>> make(const Settings& settings, Tenants tenants,
                                                            std::shared_ptr<const ruleset::Ruleset> rules,
                                                            rte_mempool& datagrams, RecordRing& out,
                                                            Place place = {});
  ~Worker();

  /// Takes a burst of mirrored packets as they came from the port: its own are inspected and freed, the
  /// others sent to their owners. Meta.time and capture_index of each are set by the caller; time does not go
  /// backwards. At most kMaxBurst packets.
  void process(std::span<rte_mbuf*> burst) noexcept;

  /// Order::as_they_come: inspects what waits in the inboxes, at most a burst from each peer; says how many.
  [[nodiscard]] std::size_t take_in() noexcept;

  /// Time passes although nothing comes: timeouts are served.
  void idle(Timestamp now) noexcept;

  // Order::by_capture_index: the same answer for any number of workers, since each takes its packets in the
  // order of the capture. Nothing is dropped; what finds no room waits.

  /// Whether feed() may be given packets: everything before has been sent.
  [[nodiscard]] bool takes_more() const noexcept;
  /// Sends a burst to its owners, this worker among them. No packet below `next_index` or before `reached`
  /// will follow.
  void feed(std::span<rte_mbuf*> burst, std::uint64_t next_index, Timestamp reached) noexcept;
  /// Inspects up to `limit` packets, as far as the peers' progress shows their order; says how many.
  [[nodiscard]] std::size_t advance(std::size_t limit) noexcept;
  /// Nothing waits, and no peer will send anything more.
  [[nodiscard]] bool finished() noexcept;

  /// No more packets come that a wait could cost: from here on a record waits for room in the ring.
  void wait_for_exporter() noexcept { settings_.when_full = WhenFull::wait; }

  /// The end of a capture or of the process at `now`: serves the timeouts until then, and flushes every
  /// fragment, stream and flow that is left.
  void finish(Timestamp now) noexcept;

  /// After finish(), with Order::by_capture_index: answers what others ask of this worker's hosts; true when
  /// no worker will ask any more.
  [[nodiscard]] bool hosts_settled() noexcept;

  [[nodiscard]] const VniLedgers& ledgers() const noexcept { return ledgers_; }
  [[nodiscard]] const ledger::Counters& counters() noexcept;
  /// What it spent by stage so far; all zero unless kStageCyclesCounted (README.md says how to link that).
  [[nodiscard]] StageCosts stage_costs() const noexcept { return stages_.costs(); }
  /// By rule of the newest generation.
  [[nodiscard]] std::span<const ruleset::RuleCost> rule_costs() const noexcept {
    return generations_.back()->costs;
  }

 private:
  using FlowTable = flow::Table<FlowState>;
  using Slot = flow::Slot;

  Worker(const Settings& settings, Tenants tenants, const ruleset::Ruleset& rules, rte_mempool& datagrams,
         RecordRing& out, Place place);

  // receive.cpp: from the port to a decoded packet.
  [[nodiscard]] bool receive(rte_mbuf& m) noexcept;
  void take(std::span<rte_mbuf*> burst) noexcept;
  void take(rte_mbuf& m, const Ahead& ahead) noexcept;
  static void count_decoded(ledger::Ledger& ledger, const packet::Meta& meta,
                            std::uint32_t cut_bytes) noexcept;
  static void count_transport(ledger::Ledger& ledger, const packet::Meta& meta) noexcept;
  [[nodiscard]] dedup::Fingerprint fingerprint_of(const rte_mbuf& m, const packet::Meta& meta) const noexcept;
  [[nodiscard]] bool is_duplicate(const rte_mbuf& m, const packet::Meta& meta,
                                  const dedup::Identity& identity) noexcept;
  void fragment(const rte_mbuf& m, const packet::Meta& meta) noexcept;
  void whole_datagram() noexcept;
  void book_released() noexcept;

  // steering.cpp: between workers, as packets come.
  [[nodiscard]] std::uint32_t workers() const noexcept;
  [[nodiscard]] bool alone() const noexcept { return workers() == 1; }
  void send(rte_mbuf& m, std::uint64_t flow_hash) noexcept;
  void send_staged() noexcept;
  void refuse(rte_mbuf& m, ledger::PacketEnd end, ledger::PayloadEnd payload_end) noexcept;
  void book_sent(const packet::Meta& meta) noexcept;
  void book_taken(packet::Meta& meta) noexcept;
  void take_datagram(rte_mbuf& m) noexcept;
  void hand_over_datagram(rte_mbuf& m) noexcept;

  // ordered.cpp: between workers, in the order of the capture.
  struct Source {
    PacketRing* ring;
    const std::atomic<std::uint64_t>* progress;
    const std::atomic<std::int64_t>* progress_us;
    bool whole;  ///< datagrams made of fragments
    bool own;    ///< from this worker itself
  };
  void find_sources() noexcept;
  void send_in_order() noexcept;
  [[nodiscard]] const Source* next_source() noexcept;
  [[nodiscard]] bool send_datagram() noexcept;

  // ahead.cpp: memory that a burst will need is asked for before its first packet needs it.
  void look_ahead_for_copies(std::span<rte_mbuf* const> burst) noexcept;
  void look_ahead_for_flows(std::span<rte_mbuf* const> burst) noexcept;

  // flows.cpp: from a decoded packet to its flow, and the flow's end.
  void inspect(const rte_mbuf& m, packet::Meta& meta) noexcept;
  void inspect(const rte_mbuf& m, packet::Meta& meta, const Ahead& ahead) noexcept;
  /// The flow that an ICMP message is about; kNone when it is not known.
  [[nodiscard]] Slot quoted_flow(const packet::Meta& meta) const noexcept;
  [[nodiscard]] Slot slot_for(const Ahead& ahead, const packet::Meta& meta) noexcept;
  void begin_flow(FlowState& flow, const flow::Key& key, std::uint64_t hash,
                  const packet::Meta& meta) noexcept;
  [[nodiscard]] bool source_is_client(const packet::Meta& meta) const noexcept;
  /// What the flow after one whose tuple was reused begins with.
  struct Successor {
    reassembly::Connection tcp;
    IpAddress client;  ///< who sent the SYN
    std::uint16_t client_port = 0;
  };
  [[nodiscard]] static Successor successor_of(const FlowState& ended) noexcept;
  /// The SYN came before the packet that begins the flow, so that packet does not say who the client is.
  static void begin_as(FlowState& flow, const Successor& successor) noexcept;
  void close_flow(Slot slot, record::FlowEnd why) noexcept;
  void end_flow(Slot slot, const HostOrder& order, record::FlowEnd why) noexcept;
  void end_flows(const HostOrder& order, record::FlowEnd why) noexcept;
  void expire(Timestamp now) noexcept;

  // detection.cpp: a packet's payload through detection.
  enum class Tracked : std::uint8_t { no, yes };
  struct PacketScan {
    ruleset::ScanKind kind;
    Tracked tracked;
    std::uint64_t stream_offset;  ///< of the segment's in-order bytes
  };
  /// Whether rules looked at the bytes as part of their packet.
  enum class ByPacket : std::uint8_t { unseen, scanned };
  static constexpr std::size_t kDuesAtOnce = 4'096;
  static constexpr std::size_t kMaxPieces = 64;  ///< of a chained payload; more are linearised

  void count(Visit& visit) noexcept;
  void datagram(Visit& visit) noexcept;
  [[nodiscard]] reassembly::Outcome reassemble(Visit& visit, std::span<const ByteView> payload) noexcept;
  /// False when the segment begins a new connection on the tuple of an old one; nothing is booked then.
  [[nodiscard]] bool segment(Visit& visit) noexcept;
  void inspect_segment(Visit& visit, const alert::Subject& subject, const reassembly::Outcome& outcome,
                       std::span<const ByteView> payload) noexcept;
  /// Bytes that came again: where they differ, the stream has a second version.
  void inspect_others(FlowState& flow, Direction d) noexcept;
  void inspect_copy(Visit& visit, const reassembly::Outcome& outcome) noexcept;
  void overlap_differs(Visit& visit, std::uint64_t offset) noexcept;
  void deliver(Visit& visit, const reassembly::Outcome& outcome, std::span<const ByteView> payload,
               ByPacket seen) noexcept;
  void hold(Visit& visit, std::uint32_t bytes) noexcept;
  void book_gap(FlowState& flow, Direction d, std::uint64_t gap, std::uint64_t truncated) noexcept;
  void drain(FlowState& flow) noexcept;
  void end_streams(FlowState& flow) noexcept;
  void end_finished_streams(FlowState& flow) noexcept;
  void give_up_holes(Timestamp now) noexcept;
  void give_up_hole(const reassembly::Due& due) noexcept;
  [[nodiscard]] bool inspect_packet(Visit& visit, const alert::Subject& subject,
                                    const PacketScan& scan) noexcept;
  [[nodiscard]] ledger::PayloadEnd inspect_bytes(FlowState& flow, Direction d,
                                                 const alert::StreamBytes& bytes, ByPacket seen) noexcept;
  /// From the IP header to the payload's end, as captured, in one piece; empty when that cannot be had.
  [[nodiscard]] ByteView in_one_piece(const rte_mbuf& m, const packet::Meta& meta) noexcept;
  [[nodiscard]] alert::Subject subject_of_stream(const FlowState& flow, Direction d) const noexcept;
  [[nodiscard]] bool established(const FlowState& flow) const noexcept;
  [[nodiscard]] static flow::Timeout tcp_timeout(const FlowState& flow) noexcept;

  // stray.cpp: packets of no flow.
  [[nodiscard]] bool rules_for_strays() const noexcept;
  void inspect_stray(const rte_mbuf& m, const packet::Meta& packet) noexcept;

  // hosts.cpp: matches that depend on the state of hosts.
  [[nodiscard]] bool in_order() const noexcept;
  [[nodiscard]] bool asks_in_order() const noexcept { return asks_hosts_ && in_order(); }
  [[nodiscard]] alert::HostAnswer ask_hosts(FlowState& flow, const alert::Match& match,
                                            alert::Telling telling, const record::Record& r) noexcept;
  [[nodiscard]] alert::HostAnswer answer_of(const signature::Rule& rule,
                                            std::optional<hosts::Answer> answer) noexcept;
  /// The answer, which a replay waits for; nullopt where `run` would have to wait for another worker.
  [[nodiscard]] std::optional<hosts::Answer> ask_now(HostQuery& query, std::uint32_t owner) noexcept;
  void send_query(const HostQuery& query, std::uint32_t owner) noexcept;
  void answer(const HostQuery& query) noexcept;
  std::size_t answer_queries() noexcept;
  [[nodiscard]] bool reach(Timestamp time, std::uint64_t index) noexcept;
  void serve_timeouts(Timestamp time) noexcept;

  // records.cpp: what the exporter is told.
  void settle(FlowState& flow, const packet::Meta* meta, Timestamp now) noexcept;
  [[nodiscard]] record::Record alert_record(const FlowState& flow, const packet::Meta* meta, Timestamp now,
                                            const alert::Match& match) const noexcept;
  [[nodiscard]] record::Record flow_record(const FlowState& flow, Direction d, Timestamp now) const noexcept;
  void tell_flow_end(const FlowState& flow, record::FlowEnd why, Timestamp now) noexcept;
  void tell_anomaly(const FlowState& flow, Direction d, const record::AnomalyBody& body,
                    Timestamp now) noexcept;
  void tell_suspension(const FlowState& flow, const alert::Suspension& suspension, Timestamp now) noexcept;
  void push(const record::Record& record) noexcept;

  Settings settings_;
  Tenants tenants_;
  rte_mempool& datagrams_;
  RecordRing& out_;
  ledger::Counters counters_;
  [[no_unique_address]] StageCycles stages_;
  VniLedgers ledgers_;
  dedup::Dedup dedup_;
  dedup::FingerprintKey fingerprint_key_;
  defrag::Defragmenter defrag_;
  FlowTable flows_;
  flow::TenantConflicts tenant_conflicts_;
  reassembly::Assembler assembler_;
  alert::Inspector inspector_;
  std::vector<std::unique_ptr<alert::Generation>> generations_;
  Place place_;
  std::vector<Outbox> outboxes_;  ///< by owner
  std::vector<Source> sources_;
  std::uint64_t end_ = 0;                 ///< no inbox that is empty will bring a lower index
  std::uint64_t lowest_ = 0;              ///< no inbox at all will
  Timestamp lowest_time_;                 ///< nor anything earlier
  std::uint64_t fed_to_ = 0;              ///< no packet with a lower index will be fed
  Timestamp fed_time_;                    ///< nor an earlier one
  rte_mbuf* waiting_datagram_ = nullptr;  ///< by_capture_index only: its owner's inbox was full
  bool asks_hosts_ = false;               ///< a rule needs the state of hosts
  hosts::HostState hosts_;
  HostQueries host_queries_;           ///< by_capture_index only
  HostOrder deciding_;                 ///< of what is being inspected
  std::vector<Slot> ending_;           ///< flows that end at once, while asks_in_order()
  std::vector<reassembly::Due> dues_;  ///< holes that are given up at once, likewise
  std::uint64_t ticket_ = 0;           ///< of the last answer that was waited for
  std::array<Ahead, kAheadPackets> ahead_{};
  std::array<ByteView, kMaxPieces> pieces_;  ///< of the payload being looked at
  std::vector<std::uint8_t> linear_;         ///< a packet in one piece
  FlowState stray_;                          ///< what stands for a flow while a packet of none is looked at
  Timestamp now_;
};

}  // namespace mirrorscan::worker
