#pragma once
// One lcore's loop, and the only room that knows the order of the others:
//
//   decap -> decode -> dedup -> [defrag ->] flow -> [reassembly ->] match and alert -> records to the ring
//
// Every packet ends in one bucket of its VNI's ledger, every payload byte in one disposition.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "alert/inspector.h"
#include "dedup/dedup.h"
#include "defrag/defragmenter.h"
#include "flow/table.h"
#include "flow/tenant_conflict.h"
#include "ledger/counter.h"
#include "reassembly/assembler.h"
#include "record/record.h"
#include "ring/spsc_ring.h"
#include "worker/flow_state.h"
#include "worker/settings.h"
#include "worker/tenants.h"
#include "worker/vni_ledgers.h"

struct rte_mbuf;
struct rte_mempool;

namespace mirrorscan::worker {

struct Visit;  // visit.h: a packet on its way through its flow

using RecordRing = ring::SpscRing<record::Record>;

class Worker {
 public:
  /// `datagrams` gives the mbufs of reassembled datagrams; `out` takes the event records. Allocates
  /// everything.
  [[nodiscard]] static Result<std::unique_ptr<Worker>> make(const Settings& settings, Tenants tenants,
                                                            std::shared_ptr<const ruleset::Ruleset> rules,
                                                            rte_mempool& datagrams, RecordRing& out);
  ~Worker();

  /// Takes a burst of mirrored packets as they came from the port and frees them. Meta.time and capture_index
  /// of each are set by the caller; time does not go backwards.
  void process(std::span<rte_mbuf*> burst) noexcept;

  /// The end of a capture or of the process: flushes every fragment, stream and flow.
  void finish() noexcept;

  [[nodiscard]] const VniLedgers& ledgers() const noexcept { return ledgers_; }
  [[nodiscard]] const ledger::Counters& counters() noexcept;

 private:
  using FlowTable = flow::Table<FlowState>;
  using Slot = flow::Slot;

  Worker(const Settings& settings, Tenants tenants, rte_mempool& datagrams, RecordRing& out);

  // receive.cpp: from the port to a decoded packet.
  [[nodiscard]] bool receive(rte_mbuf& m) noexcept;
  static void count_decoded(ledger::Ledger& ledger, const packet::Meta& meta) noexcept;
  static void count_transport(ledger::Ledger& ledger, const packet::Meta& meta) noexcept;
  [[nodiscard]] bool is_duplicate(const rte_mbuf& m, const packet::Meta& meta) noexcept;
  void fragment(const rte_mbuf& m, const packet::Meta& meta) noexcept;
  void whole_datagram() noexcept;
  void book_released() noexcept;

  // flows.cpp: from a decoded packet to its flow, and the flow's end.
  void inspect(const rte_mbuf& m, packet::Meta& meta) noexcept;
  /// The flow that an ICMP message is about; kNone when it is not known.
  [[nodiscard]] Slot quoted_flow(const packet::Meta& meta) const noexcept;
  [[nodiscard]] Slot slot_for(const flow::Key& key, std::uint64_t hash, const packet::Meta& meta) noexcept;
  void begin_flow(FlowState& flow, const flow::Key& key, std::uint64_t hash,
                  const packet::Meta& meta) noexcept;
  [[nodiscard]] bool source_is_client(const packet::Meta& meta) const noexcept;
  void close_flow(Slot slot, record::FlowEnd why) noexcept;
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
  static constexpr std::size_t kMaxPieces = 64;  ///< of a chained payload; more are linearised

  void count(Visit& visit) noexcept;
  void datagram(Visit& visit) noexcept;
  /// False when the segment begins a new connection on the tuple of an old one; nothing is booked then.
  [[nodiscard]] bool segment(Visit& visit) noexcept;
  void inspect_segment(Visit& visit, const alert::Subject& subject, const reassembly::Outcome& outcome,
                       std::span<const ByteView> payload) noexcept;
  void deliver(Visit& visit, const reassembly::Outcome& outcome, std::span<const ByteView> payload,
               ByPacket seen) noexcept;
  void hold(Visit& visit, std::uint32_t bytes) noexcept;
  void book_gap(FlowState& flow, Direction d, std::uint64_t gap, std::uint64_t truncated) noexcept;
  void drain(FlowState& flow) noexcept;
  void end_streams(FlowState& flow) noexcept;
  void end_finished_streams(FlowState& flow) noexcept;
  void give_up_holes(Timestamp now) noexcept;
  [[nodiscard]] bool inspect_packet(Visit& visit, const alert::Subject& subject,
                                    const PacketScan& scan) noexcept;
  [[nodiscard]] ledger::PayloadEnd inspect_bytes(FlowState& flow, Direction d,
                                                 const alert::StreamBytes& bytes, ByPacket seen) noexcept;
  [[nodiscard]] ByteView payload_of(const rte_mbuf& m, const packet::Meta& meta) noexcept;
  [[nodiscard]] alert::Subject subject_of_stream(const FlowState& flow, Direction d) const noexcept;
  [[nodiscard]] bool established(const FlowState& flow) const noexcept;
  [[nodiscard]] static flow::Timeout tcp_timeout(const FlowState& flow) noexcept;

  // records.cpp: what the exporter is told.
  void settle(FlowState& flow, const packet::Meta* meta, Timestamp now) noexcept;
  [[nodiscard]] record::Record flow_record(const FlowState& flow, Direction d, Timestamp now) const noexcept;
  void tell_flow_end(const FlowState& flow, record::FlowEnd why, Timestamp now) noexcept;
  void tell_anomaly(const FlowState& flow, Direction d, const record::AnomalyBody& body,
                    Timestamp now) noexcept;
  void push(const record::Record& record) noexcept;

  Settings settings_;
  Tenants tenants_;
  rte_mempool& datagrams_;
  RecordRing& out_;
  ledger::Counters counters_;
  VniLedgers ledgers_;
  dedup::Dedup dedup_;
  defrag::Defragmenter defrag_;
  FlowTable flows_;
  flow::TenantConflicts tenant_conflicts_;
  reassembly::Assembler assembler_;
  alert::Inspector inspector_;
  std::vector<std::unique_ptr<alert::Generation>> generations_;
  std::vector<std::uint8_t> linear_;  ///< a payload in one piece
  std::vector<std::uint8_t> head_;    ///< headers in one piece
  Timestamp now_;
};

}  // namespace mirrorscan::worker
