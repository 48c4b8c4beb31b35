#pragma once
// The words of EVE for the enums of a record: one row a value.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "record/record.h"

namespace mirrorscan::exporter {

/// What an end of a flow is called: in EVE, whose reasons are Suricata's, and in full.
struct FlowEndText {
  record::FlowEnd id;
  std::string_view reason, name;
};
inline constexpr std::array<FlowEndText, 5> kFlowEndTexts{{
    {record::FlowEnd::timeout, "timeout", "timeout"},
    {record::FlowEnd::evicted, "forced", "evicted"},
    {record::FlowEnd::tcp_closed, "timeout", "tcp_closed"},
    {record::FlowEnd::tuple_reused, "tcp_reuse", "tuple_reused"},
    {record::FlowEnd::shutdown, "shutdown", "shutdown"},
}};

struct TcpStateText {
  record::TcpState id;
  std::string_view name;        ///< Suricata's
  std::string_view flow_state;  ///< of a flow that ends in it; empty = by the directions seen
};
inline constexpr std::array<TcpStateText, 6> kTcpStateTexts{{
    {record::TcpState::none, "none", ""},
    {record::TcpState::syn_sent, "syn_sent", "new"},
    {record::TcpState::syn_received, "syn_recv", "new"},
    {record::TcpState::established, "established", "established"},
    {record::TcpState::closing, "closing", "established"},
    {record::TcpState::closed, "closed", "closed"},
}};

struct AnomalyText {
  record::AnomalyKind id;
  std::string_view type, event;
};
inline constexpr std::array<AnomalyText, 3> kAnomalyTexts{{
    {record::AnomalyKind::tenant_conflict, "mirror", "tenant_conflict"},
    {record::AnomalyKind::overlap_differs, "stream", "overlap_differs"},
    {record::AnomalyKind::rules_suspended, "mirror", "rules_suspended"},
}};

struct SuspensionText {
  record::SuspensionReason id;
  std::string_view name;
};
inline constexpr std::array<SuspensionText, 2> kSuspensionTexts{{
    {record::SuspensionReason::rule_budget, "rule_budget"},
    {record::SuspensionReason::lcore_budget, "lcore_budget"},
}};

/// The row of an enum's value; the first one for a value that is none (a record read from shared memory).
template <class Table, class Id>
const auto& row_of(const Table& table, Id id) {
  const auto i = static_cast<std::size_t>(id);
  return table[i < table.size() ? i : 0];
}

template <class Table>
constexpr bool in_order(const Table& table) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].id) != i) return false;
  return true;
}
static_assert(in_order(kFlowEndTexts) && in_order(kTcpStateTexts) && in_order(kAnomalyTexts) &&
                  in_order(kSuspensionTexts),
              "each table must list its enum in order");

struct FlagName {
  std::uint8_t bit;
  std::string_view name;
};
// RFC 9293 section 3.1.
inline constexpr std::array<FlagName, 8> kFlagNames{{{0x02, "syn"},
                                                     {0x01, "fin"},
                                                     {0x04, "rst"},
                                                     {0x08, "psh"},
                                                     {0x10, "ack"},
                                                     {0x20, "urg"},
                                                     {0x40, "ecn"},
                                                     {0x80, "cwr"}}};

}  // namespace mirrorscan::exporter
