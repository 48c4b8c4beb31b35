#include "rules/classify.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <initializer_list>

#include "rules/refusal.h"

namespace mirrorscan::rules {

namespace {

using ruleset::ScanKind;
using signature::Rule;
using signature::RuleClass;
using signature::Scope;
using signature::StreamMatch;
using signature::Wanted;

// IANA protocol numbers.
constexpr std::size_t kIcmp = 1, kTcp = 6, kUdp = 17, kIcmpv6 = 58, kSctp = 132;

bool tcp_possible(const Rule& rule) noexcept {
  return rule.header.protocols.numbers[kTcp];
}

/// Conditions on packet fields or header buffers.
bool looks_at_packets(const Rule& rule) noexcept {
  return !rule.packet.empty() || !rule.headers.empty();
}

bool any_anchored(const Rule& rule) {
  return std::any_of(rule.payload.begin(), rule.payload.end(),
                     [](const auto& test) { return test->traits().anchored; });
}

bool any_on_segments(const Rule& rule) {
  return std::any_of(rule.payload.begin(), rule.payload.end(),
                     [](const auto& test) { return test->traits().on_segments; });
}

bool has_other_protocol(const Rule& rule) noexcept {
  std::bitset<256> rest = rule.header.protocols.numbers;
  for (const std::size_t named : {kIcmp, kTcp, kUdp, kIcmpv6, kSctp}) rest.reset(named);
  return rest.any();
}

bool wants(const Rule& rule, Direction direction) noexcept {
  if (rule.flow.direction == Wanted::any) return true;
  return (rule.flow.direction == Wanted::to_server) == (direction == Direction::to_server);
}

bool protocol_fits(const Rule& rule, ScanKind kind) noexcept {
  const auto& numbers = rule.header.protocols.numbers;
  switch (kind) {
    case ScanKind::tcp_stream:
    case ScanKind::tcp_segment:
    case ScanKind::tcp_untracked: return numbers[kTcp];
    case ScanKind::udp: return numbers[kUdp];
    case ScanKind::icmp: return numbers[kIcmp];
    case ScanKind::icmpv6: return numbers[kIcmpv6];
    case ScanKind::sctp: return numbers[kSctp];
    case ScanKind::other: return has_other_protocol(rule);
    case ScanKind::stray: return true;
    case ScanKind::count_: break;
  }
  return false;
}

}  // namespace

bool packets_only(const Rule& rule) noexcept {
  return rule.scope == Scope::packet || rule.flow.stream == StreamMatch::no_stream;
}

bool stream_only(const Rule& rule) noexcept {
  return rule.scope == Scope::stream || rule.flow.stream == StreamMatch::only_stream;
}

bool is_header_only(const Rule& rule) noexcept {
  const auto sets_bit = [](const signature::FlowEffect& effect) {
    return effect.operation == signature::FlowOperation::set_bit;
  };
  return rule.payload.empty() && !looks_at_packets(rule) && !rule.flow.present && rule.state.tests.empty() &&
         std::all_of(rule.state.effects.begin(), rule.state.effects.end(), sets_bit);
}

RuleClass class_of(const Rule& rule) {
  if (stream_only(rule)) {
    if (packets_only(rule)) throw Refusal("the rule asks for packets only and for the stream only");
    if (looks_at_packets(rule)) throw Refusal("conditions on packets in a rule on the stream only");
    if (rule.payload.empty()) throw Refusal("a rule on the stream only needs a condition on its bytes");
  }
  if (rule.payload.empty())
    return is_header_only(rule) && !rule.header.negated_addresses ? RuleClass::ip_only : RuleClass::packet;
  if (looks_at_packets(rule) || rule.by_ip_proto || packets_only(rule) || !tcp_possible(rule))
    return RuleClass::packet;
  return any_anchored(rule) ? RuleClass::anchored : RuleClass::stream;
}

bool takes_part(const Rule& rule, ScanKind kind, Direction direction) noexcept {
  if (rule.rule_class == RuleClass::ip_only || !wants(rule, direction) || !protocol_fits(rule, kind))
    return false;
  if (kind == ScanKind::tcp_stream) {
    return rule.rule_class == RuleClass::stream || rule.rule_class == RuleClass::anchored;
  }
  if (stream_only(rule)) return false;
  if (kind == ScanKind::stray)  // without a flow no test on its variables holds
    return rule.payload.empty() && rule.state.tests.empty() && direction == Direction::to_server;
  if (kind != ScanKind::tcp_segment || rule.rule_class == RuleClass::packet) return true;
  return rule.rule_class == RuleClass::anchored && any_on_segments(rule);
}

}  // namespace mirrorscan::rules
