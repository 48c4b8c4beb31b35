#pragma once
// Counters of one lcore that are neither a packet's end nor a payload byte's: budgets that were hit, and
// events worth a number. One list; the exporter prints it, a budget without a row here is a defect.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mirrorscan::ledger {

enum class Counter : std::uint8_t {
  bursts = 0,
  flows_created,
  flows_timed_out,
  flows_evicted,
  flows_closed,
  flows_active,
  tcp_sessions,
  tcp_midstream,
  tcp_untracked,
  tcp_gaps,
  tcp_out_of_order,
  tcp_overlap_differs,
  tcp_second_versions,
  second_versions_budget,
  tcp_uncompared,
  tcp_resynchronised,
  tcp_beyond_depth,
  tcp_urgent,
  tcp_tuple_reused,
  segments_budget,
  fragments_budget,
  fragments_overlap_differs,
  datagrams_reassembled,
  dedup_records_overwritten,
  tenant_pairs_budget,
  streams_budget,
  windows_budget,
  triggers_pended,
  triggers_evicted,
  alert_memory_budget,
  flow_variables_budget,
  evaluations,
  evaluation_steps,
  evaluation_steps_exhausted,
  rules_suspended,
  evaluations_skipped,
  look_back_cut,
  pcre_limit,
  matches_per_packet_budget,
  alerts_suppressed_in_window,
  alert_rate_suppressed,
  alerts_thresholded,
  host_states,
  host_states_evicted,
  host_matches_lost,
  payload_linearised,
  vni_table_budget,
  records_lost,
  count_,
};

inline constexpr std::size_t kCounters = static_cast<std::size_t>(Counter::count_);

struct CounterText {
  Counter id;
  std::string_view name;
  std::string_view sentence;
};

inline constexpr std::array<CounterText, kCounters> kCounterTexts{{
    {Counter::bursts, "bursts", "bursts processed"},
    {Counter::flows_created, "flows_created", "flows entered into the flow table"},
    {Counter::flows_timed_out, "flows_timed_out", "flows ended by their timeout"},
    {Counter::flows_evicted, "flows_evicted", "flows ended early because the flow budget was used up"},
    {Counter::flows_closed, "flows_closed", "flows ended by a new connection on their tuple or at shutdown"},
    {Counter::flows_active, "flows_active", "flows in the table now"},
    {Counter::tcp_sessions, "tcp_sessions", "TCP connections tracked"},
    {Counter::tcp_midstream, "tcp_midstream", "TCP connections picked up without their handshake"},
    {Counter::tcp_untracked, "tcp_untracked",
     "TCP segments with payload that belong to no tracked stream: inspected packet by packet"},
    {Counter::tcp_gaps, "tcp_gaps", "holes in TCP streams that were given up"},
    {Counter::tcp_out_of_order, "tcp_out_of_order", "TCP segments that arrived before their predecessors"},
    {Counter::tcp_overlap_differs, "tcp_overlap_differs", "TCP overlaps whose bytes differ"},
    {Counter::tcp_second_versions, "tcp_second_versions",
     "inspections of a second version of a TCP stream, after overlaps whose bytes differ"},
    {Counter::second_versions_budget, "second_versions_budget",
     "second versions of a TCP stream inspected without what follows them: a budget was used up"},
    {Counter::tcp_uncompared, "tcp_uncompared",
     "bytes sent again so late that what came first was not kept to compare with"},
    {Counter::tcp_resynchronised, "tcp_resynchronised",
     "TCP streams followed from a new place after a run of segments beyond the window"},
    {Counter::tcp_beyond_depth, "tcp_beyond_depth", "TCP segments with bytes beyond stream.depth_bytes"},
    {Counter::tcp_urgent, "tcp_urgent",
     "TCP segments with payload and an urgent pointer: their bytes stay in the stream"},
    {Counter::tcp_tuple_reused, "tcp_tuple_reused", "new TCP connections on the tuple of an older flow"},
    {Counter::segments_budget, "segments_budget",
     "TCP segments for which holes were given up early: a budget was used up"},
    {Counter::fragments_budget, "fragments_budget", "datagrams evicted from defragmentation by its budget"},
    {Counter::fragments_overlap_differs, "fragments_overlap_differs",
     "fragments that overlap others of their datagram with different bytes"},
    {Counter::datagrams_reassembled, "datagrams_reassembled", "datagrams made whole from fragments"},
    {Counter::dedup_records_overwritten, "dedup_records_overwritten",
     "duplicate records overwritten before their time window ended"},
    {Counter::tenant_pairs_budget, "tenant_pairs_budget",
     "tenants on the same addresses not told: too many pairs had been told"},
    {Counter::streams_budget, "streams_budget", "stream directions for which no stream state was free"},
    {Counter::windows_budget, "windows_budget", "stream directions for which no look-back window was free"},
    {Counter::triggers_pended, "triggers_pended", "hits that had to wait for bytes after them"},
    {Counter::triggers_evicted, "triggers_evicted", "pended hits decided early: their budget was used up"},
    {Counter::alert_memory_budget, "alert_memory_budget",
     "alerts whose once-a-window memory found no room, so that they may repeat"},
    {Counter::flow_variables_budget, "flow_variables_budget",
     "flowbits and flowints that found no room: not set"},
    {Counter::evaluations, "evaluations", "rule evaluations around hits"},
    {Counter::evaluation_steps, "evaluation_steps", "steps that hits and their evaluations took"},
    {Counter::evaluation_steps_exhausted, "evaluation_steps_exhausted",
     "evaluations cut off by the step limit"},
    {Counter::rules_suspended, "rules_suspended",
     "rules suspended for a time because they cost more than their budget"},
    {Counter::evaluations_skipped, "evaluations_skipped", "hits not evaluated: their rule was suspended"},
    {Counter::look_back_cut, "look_back_cut",
     "evaluations that wanted to look back at bytes that were not kept"},
    {Counter::pcre_limit, "pcre_limit", "pcre matches cut off by a match, depth or stack limit"},
    {Counter::matches_per_packet_budget, "matches_per_packet_budget",
     "rule matches dropped because one packet had too many"},
    {Counter::alerts_suppressed_in_window, "alerts_suppressed_in_window",
     "repeated stream matches in a window that had alerted"},
    {Counter::alert_rate_suppressed, "alert_rate_suppressed",
     "alerts above the budget of their sid and second"},
    {Counter::alerts_thresholded, "alerts_thresholded",
     "matches that a threshold, detection_filter or suppress line kept silent"},
    {Counter::host_states, "host_states", "windows of thresholds and bits of hosts remembered now"},
    {Counter::host_states_evicted, "host_states_evicted",
     "windows and bits of hosts forgotten early because their budget was used up"},
    {Counter::host_matches_lost, "host_matches_lost",
     "matches dropped because they could not be told to the worker that keeps their host's state"},
    {Counter::payload_linearised, "payload_linearised", "payloads copied to be looked at in one piece"},
    {Counter::vni_table_budget, "vni_table_budget",
     "packets booked under VNI `other`: the VNI table was full"},
    {Counter::records_lost, "records_lost", "event records dropped because the ring was full"},
}};

namespace detail {
constexpr bool counters_in_order() {
  for (std::size_t i = 0; i < kCounters; ++i)
    if (static_cast<std::size_t>(kCounterTexts[i].id) != i) return false;
  return true;
}
}  // namespace detail
static_assert(detail::counters_in_order(), "kCounterTexts must list the counters in the order of the enum");

/// Single writer, read by others only at snapshot barriers.
struct Counters {
  std::array<std::uint64_t, kCounters> values{};
  void add(Counter c, std::uint64_t n = 1) noexcept { values[static_cast<std::size_t>(c)] += n; }
  void set(Counter c, std::uint64_t n) noexcept { values[static_cast<std::size_t>(c)] = n; }
  [[nodiscard]] std::uint64_t operator[](Counter c) const noexcept {
    return values[static_cast<std::size_t>(c)];
  }
};

}  // namespace mirrorscan::ledger
