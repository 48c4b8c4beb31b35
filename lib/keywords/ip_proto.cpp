#include "keywords/ip_proto.h"

#include <algorithm>
#include <bitset>
#include <string>

#include "base/letter_case.h"
#include "keywords/arguments.h"

namespace mirrorscan::keywords {

namespace {

struct Protocol {
  std::string_view name;
  std::uint8_t number;
};

// IANA "Assigned Internet Protocol Numbers", those with names that rules use.
constexpr Protocol kProtocols[] = {{"ip", 0},
                                   {"hopopt", 0},
                                   {"icmp", 1},
                                   {"igmp", 2},
                                   {"ggp", 3},
                                   {"ipencap", 4},
                                   {"ipip", 94},
                                   {"st", 5},
                                   {"tcp", 6},
                                   {"egp", 8},
                                   {"igp", 9},
                                   {"pup", 12},
                                   {"udp", 17},
                                   {"hmp", 20},
                                   {"xns-idp", 22},
                                   {"rdp", 27},
                                   {"iso-tp4", 29},
                                   {"dccp", 33},
                                   {"xtp", 36},
                                   {"ddp", 37},
                                   {"idpr-cmtp", 38},
                                   {"ipv6", 41},
                                   {"ipv6-route", 43},
                                   {"ipv6-frag", 44},
                                   {"idrp", 45},
                                   {"rsvp", 46},
                                   {"gre", 47},
                                   {"esp", 50},
                                   {"ipsec-esp", 50},
                                   {"ah", 51},
                                   {"ipsec-ah", 51},
                                   {"skip", 57},
                                   {"ipv6-icmp", 58},
                                   {"icmpv6", 58},
                                   {"ipv6-nonxt", 59},
                                   {"ipv6-opts", 60},
                                   {"rspf", 73},
                                   {"cphb", 73},
                                   {"vmtp", 81},
                                   {"eigrp", 88},
                                   {"ospf", 89},
                                   {"ospfigp", 89},
                                   {"ax.25", 93},
                                   {"etherip", 97},
                                   {"encap", 98},
                                   {"pim", 103},
                                   {"ipcomp", 108},
                                   {"vrrp", 112},
                                   {"l2tp", 115},
                                   {"isis", 124},
                                   {"sctp", 132},
                                   {"fc", 133},
                                   {"mobility-header", 135},
                                   {"udplite", 136},
                                   {"mpls-in-ip", 137},
                                   {"manet", 138},
                                   {"hip", 139},
                                   {"shim6", 140},
                                   {"wesp", 141},
                                   {"rohc", 142}};

bool same_in_any_case(char a, char b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return lower(a) == lower(b);
}

Result<std::int64_t> number_of(std::string_view text) {
  const auto* row = std::ranges::find_if(
      kProtocols, [&](const Protocol& p) { return std::ranges::equal(p.name, text, same_in_any_case); });
  if (row != std::end(kProtocols)) return std::int64_t{row->number};
  if (!integer(text)) {
    return refuse("ip_proto: '" + std::string(text) + "' is not a protocol", "write its number, 0 to 255");
  }
  return number_between(text, "ip_proto", 0, 255);
}

bool meets(char op, std::size_t protocol, std::size_t wanted) noexcept {
  switch (op) {
    case '!': return protocol != wanted;
    case '<': return protocol < wanted;
    case '>': return protocol > wanted;
    default: return protocol == wanted;
  }
}

std::string_view without_quotes(std::string_view text) noexcept {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? trimmed(text.substr(1, text.size() - 2)) : text;
}

}  // namespace

Status parse_ip_proto(std::string_view args, Draft& draft) {
  std::bitset<256>& numbers = draft.rule.header.protocols.numbers;
  if (!numbers.all() && !draft.rule.by_ip_proto) {
    return refuse("ip_proto: the rule's header names a protocol already", "write ip in the header");
  }
  std::string_view text = without_quotes(trimmed(args));
  const char op =
      text.empty() || std::string_view("!<>").find(text[0]) == std::string_view::npos ? '=' : text[0];
  if (op != '=') text = trimmed(text.substr(1));
  const auto number = number_of(text);
  if (!number) return number.error();
  for (std::size_t protocol = 0; protocol < numbers.size(); ++protocol) {
    if (!meets(op, protocol, static_cast<std::size_t>(number.value()))) numbers.reset(protocol);
  }
  if (numbers.none()) return refuse("ip_proto: no protocol is left", "write conditions that hold together");
  draft.rule.by_ip_proto = true;
  return success();
}

Status parse_l3_proto(std::string_view args, Draft& draft) {
  const std::string word = lowered(trimmed(args));
  const bool v4 = word == "ipv4" || word == "ip4", v6 = word == "ipv6" || word == "ip6";
  if (!v4 && !v6) return refuse("l3_proto: '" + word + "' is not a version of IP", "write ipv4 or ipv6");
  signature::ProtocolSet& protocols = draft.rule.header.protocols;
  protocols.v4 = protocols.v4 && v4;
  protocols.v6 = protocols.v6 && v6;
  if (protocols.v4 || protocols.v6) return success();
  return refuse("l3_proto: the rule names another version of IP already", "keep one of the two");
}

}  // namespace mirrorscan::keywords
