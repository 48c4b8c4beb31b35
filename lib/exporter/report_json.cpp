#include "exporter/report_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace mirrorscan::exporter {
namespace {

using Json = nlohmann::ordered_json;
using ruleset::Explanation;
using ruleset::Remark;

Json remarks_of(const std::vector<Remark>& remarks) {
  Json out = Json::array();
  for (const Remark& remark : remarks) {
    Json one = Json::object();
    one["file"] = remark.file;
    one["line"] = remark.line;
    if (remark.sid) one["sid"] = *remark.sid;
    one["reason"] = remark.reason;
    if (!remark.remedy.empty()) one["remedy"] = remark.remedy;
    out.push_back(std::move(one));
  }
  return out;
}

/// {"to_server": ["tcp_stream"], "to_client": []}
Json scans_of(const Explanation& rule) {
  Json out = Json::object();
  for (const Direction d : {Direction::to_server, Direction::to_client}) {
    Json kinds = Json::array();
    for (std::size_t kind = 0; kind < ruleset::kScanKinds; ++kind)
      if (rule.scans[index_of(d)][kind])
        kinds.push_back(ruleset::name_of(static_cast<ruleset::ScanKind>(kind)));
    out[std::string(name_of(d))] = std::move(kinds);
  }
  return out;
}

Json rule_of(const Explanation& rule) {
  Json out = Json::object();
  out["gid"] = rule.gid;
  out["sid"] = rule.sid;
  out["rev"] = rule.rev;
  out["msg"] = rule.msg;
  out["file"] = rule.file;
  out["line"] = rule.line;
  out["class"] = ruleset::name_of(rule.rule_class);
  if (!rule.trigger.empty()) {
    out["trigger"] = rule.trigger;
    out["trigger_buffer"] = rule.trigger_buffer;
  }
  out["prefilter"] = rule.prefilter;
  out["tests"] = rule.tests;
  if (rule.rule_class == signature::RuleClass::stream) {
    out["look_back"] = rule.look_back;
    out["look_ahead"] = rule.look_ahead;
  }
  out["runs_on"] = rule.runs_on();
  out["scans"] = scans_of(rule);
  for (const ruleset::PcreUse& pcre : rule.pcres)
    out["pcre"].push_back({{"test", pcre.test}, {"engine", pcre.engine}, {"why", pcre.why}});
  if (!rule.costly.empty()) out["costly"] = rule.costly;
  return out;
}

Json classes_of(const ruleset::Report& report) {
  Json out = Json::object();
  for (std::size_t i = 0; i < ruleset::kRuleClasses; ++i)
    out[std::string(ruleset::name_of(static_cast<signature::RuleClass>(i)))] = report.by_class[i];
  return out;
}

}  // namespace

std::string report_json(const ruleset::Report& report) {
  Json out = Json::object();
  out["rules"] = report.rules;
  out["rules_loaded"] = report.loaded;
  out["rules_failed"] = report.rejected.size();
  out["coverage_pct"] =
      report.rules == 0 ? Json() : Json(std::floor(report.coverage_pct() * 100) / 100);  // 100 means all
  out["by_class"] = classes_of(report);
  out["reasons"] = Json::array();
  for (const ruleset::ReasonCount& one : report.reasons())
    out["reasons"].push_back({{"reason", one.reason}, {"rules", one.rules}});
  out["rejected"] = remarks_of(report.rejected);
  out["threshold_file_errors"] = remarks_of(report.bad_lines);
  out["warnings"] = remarks_of(report.warnings);
  out["loaded"] = Json::array();
  for (const Explanation& rule : report.explanations) out["loaded"].push_back(rule_of(rule));
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace mirrorscan::exporter
