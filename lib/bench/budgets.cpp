#include "bench/budgets.h"

#include "defrag/datagram.h"
#include "flow/index.h"
#include "flow/table.h"
#include "flow/wheel.h"
#include "reassembly/held_streams.h"
#include "reassembly/second_versions.h"
#include "record/record.h"
#include "worker/flow_state.h"
#include "worker/settings.h"

namespace mirrorscan::bench {
namespace {

using FlowTable = flow::Table<worker::FlowState>;
using reassembly::HeldStreams;

constexpr std::uint64_t kFlowRecord = 64;  ///< flow/README.md
constexpr std::uint64_t kTimer = 12;
constexpr std::uint64_t kDuplicate = 72;       ///< dedup/README.md
constexpr std::uint64_t kNode = 24;            ///< alert/README.md: a pended trigger, a remembered alert
constexpr std::uint64_t kVariable = 16;        ///< alert/flow_variables.h
constexpr std::uint64_t kHostState = 2 * 112;  ///< hosts/README.md
constexpr std::uint64_t kHeapChunk = 16;       ///< malloc's own bytes before each of Hyperscan's streams
constexpr std::uint64_t kMbuf = 2'688;
constexpr std::uint64_t kDatagramMbufs = 4'095;  ///< engine/README.md

}  // namespace

FlowBytes flow_bytes(const config::Config& config) {
  const std::uint64_t flows = config.flow.max_flows;
  return {kFlowRecord, kTimer, flow::Index::bytes(config.flow.max_flows) / flows, sizeof(worker::FlowState)};
}

Figures budget_figures(const config::Config& config, std::uint64_t stream_bytes) {
  const worker::Settings settings = worker::Settings::from(config);
  const std::uint64_t streams =
      stream_bytes == 0 ? 0 : config.stream.max_streams * (stream_bytes + kHeapChunk);
  const std::pair<const char*, std::uint64_t> budgets[] = {
      {"flow_table", FlowTable::bytes({settings.max_flows}, settings.timeouts)},
      {"stream_states", streams},
      {"out_of_order_segments", HeldStreams::bytes(settings.reassembly)},
      {"second_versions", HeldStreams::bytes(reassembly::SecondVersions::budget())},
      {"fragments", config.defrag.max_bytes + config.defrag.max_datagrams * sizeof(defrag::Datagram)},
      {"windows", config.detect.max_window_bytes},
      {"duplicates", config.dedup.enabled ? config.dedup.max_records * kDuplicate : 0},
      {"pended_triggers", config.detect.max_pended_triggers * kNode},
      {"remembered_alerts", config.detect.max_remembered_alerts * kNode},
      {"flow_variables", config.detect.max_flow_variables * kVariable},
      {"host_states", config.detect.max_host_states * kHostState},
      {"datagram_mbufs", kDatagramMbufs * kMbuf},
      {"record_ring", config.output.ring_records * sizeof(record::Record)},
      {"json_ring", config.output.ring.bytes},
  };
  Figures out;
  std::uint64_t sum = 0;
  for (const auto& [name, bytes] : budgets) {
    out.count(name, bytes);
    sum += bytes;
  }
  return std::move(out.count("sum", sum));
}

}  // namespace mirrorscan::bench
