#pragma once
// What became of each inner payload byte: its first final disposition. One list, as for packets.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mirrorscan::ledger {

enum class PayloadEnd : std::uint8_t {
  scanned = 0,
  retransmission,
  out_of_window,
  no_rule_applies,
  flow_verdict,
  encrypted,
  beyond_depth,
  duplicate,
  over_budget,
  fragment_header,
  fragment_overlap,
  fragment_bad,
  fragment_truncated,
  fragment_timeout,
  fragment_evicted,
  no_mbuf,
  no_flow,
  inbox_full,
  flow_over_share,
  count_,
};

inline constexpr std::size_t kPayloadEnds = static_cast<std::size_t>(PayloadEnd::count_);

struct PayloadEndText {
  PayloadEnd id;
  std::string_view name;
  std::string_view sentence;
};

inline constexpr std::array<PayloadEndText, kPayloadEnds> kPayloadEndTexts{{
    {PayloadEnd::scanned, "scanned", "given to the matcher"},
    {PayloadEnd::retransmission, "retransmission", "its sequence numbers were delivered or held before"},
    {PayloadEnd::out_of_window, "out_of_window", "outside the receiver's window, and no packet rule applies"},
    {PayloadEnd::no_rule_applies, "no_rule_applies",
     "no loaded rule can match on this protocol and direction"},
    {PayloadEnd::flow_verdict, "flow_verdict", "a pass or drop rule ended the inspection of its flow"},
    {PayloadEnd::encrypted, "encrypted", "after a handshake that makes the rest unreadable"},
    {PayloadEnd::beyond_depth, "beyond_depth", "further into the stream than the configured depth"},
    {PayloadEnd::duplicate, "duplicate", "the copy from another mirror source was inspected"},
    {PayloadEnd::over_budget, "over_budget", "no buffer or stream state was free"},
    {PayloadEnd::fragment_header, "fragment_header",
     "the transport header inside fragments, once reassembled"},
    {PayloadEnd::fragment_overlap, "fragment_overlap", "fragment bytes that other fragments had brought"},
    {PayloadEnd::fragment_bad, "fragment_bad", "in a fragment or datagram that contradicts itself"},
    {PayloadEnd::fragment_truncated, "fragment_truncated", "in a fragment that the mirror cut"},
    {PayloadEnd::fragment_timeout, "fragment_timeout", "in fragments whose datagram was never completed"},
    {PayloadEnd::fragment_evicted, "fragment_evicted", "in fragments dropped for newer ones"},
    {PayloadEnd::no_mbuf, "no_mbuf", "in a whole datagram for which no mbuf was free"},
    {PayloadEnd::no_flow, "no_flow", "in a packet for which no flow could be made"},
    {PayloadEnd::inbox_full, "inbox_full", "in a packet for which its worker's inbox had no room"},
    {PayloadEnd::flow_over_share, "flow_over_share", "in a packet shed for its flow's share of an inbox"},
}};

[[nodiscard]] constexpr std::string_view name_of(PayloadEnd end) noexcept {
  return kPayloadEndTexts[static_cast<std::size_t>(end)].name;
}

namespace detail {
constexpr bool payload_ends_in_order() {
  for (std::size_t i = 0; i < kPayloadEnds; ++i)
    if (static_cast<std::size_t>(kPayloadEndTexts[i].id) != i) return false;
  return true;
}
}  // namespace detail
static_assert(detail::payload_ends_in_order(),
              "kPayloadEndTexts must list the ends in the order of the enum");

}  // namespace mirrorscan::ledger
