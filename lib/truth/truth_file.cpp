#include "truth/truth_file.h"

#include <arpa/inet.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "truth/rule_scope.h"

namespace mirrorscan::truth {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const IpAddress& address, IpVersion version) {
  char out[INET6_ADDRSTRLEN] = "";
  inet_ntop(version == IpVersion::v4 ? AF_INET : AF_INET6, address.bytes.data(), out, sizeof(out));
  return out;
}

Json options_of(const traffic::Profile& p) {
  Json out;
  out["packets"] = p.packets;
  out["seconds"] = p.seconds;
  out["concurrent"] = p.flows.concurrent;
  out["ipv6_share"] = p.flows.ipv6_share;
  out["vnis"] = p.mirrors.vnis;
  out["sources_per_vni"] = p.mirrors.sources_per_vni;
  out["encap"] = p.mirrors.encap == packet::Encap::geneve ? "geneve" : "vxlan";
  out["truncate_bytes"] = p.faults.truncate_bytes;
  out["loss"] = p.faults.loss;
  out["reorder"] = p.faults.reorder;
  out["duplicate"] = p.faults.duplicate;
  out["double_mirrored"] = p.faults.double_mirrored;
  out["one_sided"] = p.faults.one_sided;
  out["attack_share"] = p.attacks.share;
  out["occurrences"] = p.attacks.occurrences;
  out["most_segments"] = p.attacks.most_segments;
  return out;
}

Json rules_with(const AttackBook& book, Fate fate) {
  Json out = Json::array();
  for (std::size_t i = 0; i < book.fates().size(); ++i) {
    const RuleFate& of = book.fates()[i];
    if (of.fate == fate) out.push_back({{"sid", book.rules().rules[i].sid}, {"reason", of.reason}});
  }
  return out;
}

Json line_of(const ruleset::Ruleset& rules, const FlowRecord& flow, const char* type,
             signature::RuleIndex rule, Direction direction) {
  const auto& e = flow.ends;
  const bool forward = direction == Direction::to_server;
  Json out;
  out["type"] = type;
  out["sid"] = rules.rules[rule].sid;
  out["vni"] = flow.vni;
  out["proto"] = e.protocol == kTcp ? "TCP" : "UDP";
  out["src_ip"] = text_of(forward ? e.client : e.server, e.version);
  out["src_port"] = forward ? e.client_port : e.server_port;
  out["dest_ip"] = text_of(forward ? e.server : e.client, e.version);
  out["dest_port"] = forward ? e.server_port : e.client_port;
  out["direction"] = name_of(direction);
  return out;
}

}  // namespace

std::string header_line(const traffic::Profile& profile, const AttackBook& book) {
  Json out;
  out["type"] = "truth";
  out["version"] = 1;
  out["seed"] = profile.seed;
  out["rules"] = book.fates().size();
  out["planted"] = book.attacks().size();
  out["excluded"] = rules_with(book, Fate::excluded);
  out["not_plantable"] = rules_with(book, Fate::not_plantable);
  out["options"] = options_of(profile);
  return out.dump() + '\n';
}

std::string flow_lines(const ruleset::Ruleset& rules, const FlowRecord& flow, const FlowTruth& truth) {
  std::string out;
  for (const Expected& e : truth.expected) {
    Json line = line_of(rules, flow, "expected", e.rule, e.direction);
    line["count"] = e.count;
    line["segments"] = e.segments;
    out += line.dump() + '\n';
  }
  for (const Damaged& d : truth.damaged) {
    Json line = line_of(rules, flow, "damaged", d.rule, d.direction);
    line["why"] = d.why;
    if (d.open) line["open"] = true;
    out += line.dump() + '\n';
  }
  return out;
}

}  // namespace mirrorscan::truth
