#include "alert/subject.h"

namespace mirrorscan::alert {
namespace {

using signature::Established;
using signature::Fragments;
using signature::Header;
using signature::Scope;
using signature::StreamMatch;
using signature::Wanted;

bool header_matches(const Header& h, const Subject& s) noexcept {
  if (!h.protocols.contains(s.version, s.protocol)) return false;
  if (!s.ports && !(h.src_ports.is_any() && h.dst_ports.is_any())) return false;
  return h.src_ports.contains(s.src_port) && h.dst_ports.contains(s.dst_port) &&
         h.src.contains(s.version, s.src) && h.dst.contains(s.version, s.dst);
}

bool flow_matches(const signature::FlowCondition& f, const Subject& s) noexcept {
  if (!f.present) return true;
  if (f.direction == Wanted::to_server && s.direction != Direction::to_server) return false;
  if (f.direction == Wanted::to_client && s.direction != Direction::to_client) return false;
  if (!s.in_flow && f.needs_flow) return false;
  if (f.established == Established::yes && !s.established) return false;
  if (f.established == Established::no && s.established) return false;
  if (f.fragments == Fragments::no_frag && s.reassembled) return false;
  return f.fragments != Fragments::only_frag || s.reassembled;
}

bool scope_matches(const signature::Rule& rule, Matched matched) noexcept {
  const StreamMatch wanted = rule.flow.stream;
  if (matched == Matched::stream) return rule.scope != Scope::packet && wanted != StreamMatch::no_stream;
  return rule.scope != Scope::stream && wanted != StreamMatch::only_stream;
}

}  // namespace

bool applies(const signature::Rule& rule, const Subject& subject, Matched matched) noexcept {
  return scope_matches(rule, matched) && flow_matches(rule.flow, subject) &&
         header_matches(rule.header, subject);
}

bool lacks_establishment(const signature::Rule& rule, const Subject& subject) noexcept {
  return rule.flow.present && rule.flow.established == Established::yes && !subject.established;
}

}  // namespace mirrorscan::alert
