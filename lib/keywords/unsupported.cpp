#include "keywords/unsupported.h"

#include <algorithm>

namespace mirrorscan::keywords {

namespace {

constexpr Unsupported kTable[] = {
    {"geoip", "there is no database of countries here", "write the address ranges in the header"},
    {"iprep", "there are no reputation lists here", "write the addresses in the header"},
    {"decode-event", "the decoder's refusals are counted in the ledger and are no rule events",
     "watch the packet ends of the stats event"},
    {"stream-event", "the state machine of the reference is not the one here", "watch the anomaly events"},
    {"engine-event", "the engine of the reference is not the one here", "watch the anomaly events"},
    {"replace", "mirrorscan sees copies of packets and cannot change them",
     "take replace away; the content is matched without it"},
    {"asn1", "there is no parser of ASN.1", "write contents, byte_test and byte_jump for the lengths"},
    {"flowvar", "what a pcre captures is not kept", "write one pcre for both parts"},
    {"pktvar", "what a pcre captures is not kept", "write one pcre for both parts"},
    {"app-layer-event", "there is no parser here that raises it", "watch the anomaly events"},
};

bool same_in_any_case(char a, char b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return lower(a) == lower(b);
}

}  // namespace

const Unsupported* find_unsupported(std::string_view name) noexcept {
  const auto* row = std::ranges::find_if(
      kTable, [name](const Unsupported& u) { return std::ranges::equal(u.name, name, same_in_any_case); });
  return row == std::end(kTable) ? nullptr : row;
}

}  // namespace mirrorscan::keywords
