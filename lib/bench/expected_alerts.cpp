#include "bench/expected_alerts.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace mirrorscan::bench {
namespace {

using Json = nlohmann::json;

[[nodiscard]] IpAddress address_of(const std::string& text) {
  IpAddress address;
  const int family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
  if (inet_pton(family, text.c_str(), address.bytes.data()) != 1) throw std::invalid_argument(text);
  return address;
}

[[nodiscard]] std::uint8_t protocol_of(const std::string& name) {
  if (name == "TCP") return 6;
  if (name == "UDP") return 17;
  throw std::invalid_argument(name);
}

}  // namespace

double ExpectedAlerts::Comparison::recall() const noexcept {
  return expected == 0 ? 1 : static_cast<double>(expected - missing) / static_cast<double>(expected);
}

Result<ExpectedAlerts> ExpectedAlerts::read(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Error{path, "it cannot be read", "name a truth file"};
  ExpectedAlerts out;
  std::size_t number = 0;
  try {
    for (std::string line; std::getline(file, line);) {
      const Json json = Json::parse(line);
      if (number++ == 0) {
        for (const Json& rule : json.at("excluded"))
          out.excluded_.insert(rule.at("sid").get<std::uint32_t>());
        continue;
      }
      const Key key{json.at("sid"),
                    json.at("vni"),
                    protocol_of(json.at("proto")),
                    json.at("src_port"),
                    json.at("dest_port"),
                    address_of(json.at("src_ip")),
                    address_of(json.at("dest_ip"))};
      if (json.at("type") == "expected") {
        out.counts_[key].expected += json.at("count").get<std::uint64_t>();
      } else if (json.value("open", false)) {
        out.open_.insert(key);
      }
    }
  } catch (const std::exception& error) {
    return Error{fmt::format("{}:{}", path, number), error.what(), "give what mirrorscan-gen wrote"};
  }
  return out;
}

void ExpectedAlerts::found(const record::Record& alert, const ruleset::Ruleset& rules) {
  const Key key{rules.rules[alert.alert.rule].sid,
                alert.tunnel.vni,
                alert.protocol,
                alert.src_port,
                alert.dst_port,
                alert.src,
                alert.dst};
  ++counts_[key].found;
}

ExpectedAlerts::Comparison ExpectedAlerts::compare() const {
  Comparison out;
  for (const auto& [key, counts] : counts_) {
    if (excluded_.contains(key.sid) || open_.contains(key)) continue;
    out.expected += counts.expected;
    out.found += counts.found;
    out.missing += counts.expected - std::min(counts.expected, counts.found);
    out.extra += counts.found - std::min(counts.expected, counts.found);
  }
  return out;
}

}  // namespace mirrorscan::bench
