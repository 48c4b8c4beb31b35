// Threshold files, given to a few rules that differ in what they have.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/host_homes.h"
#include "rules/reader.h"
#include "rules/threshold_file.h"

using namespace mirrorscan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  rules::Variables variables;
  variables.addresses = {{"HOME_NET", "[10.0.0.0/8,!10.1.0.0/16]"}};
  rules::Reader reader(variables);
  reader.read("rules",
              "alert ip any any -> any any (sid:1;)\n"
              "alert ip any any -> any any (threshold:type limit,track by_src,count 1,seconds 1; sid:2;)\n"
              "alert ip any any -> any any (xbits:set,a,track ip_dst; gid:3; sid:3;)\n");
  auto all = reader.take_rules();
  ruleset::Report report;
  rules::apply_threshold_file("fuzz", text, variables, all, report);
  rules::assign_host_homes(all);
  if (all.size() != 3 || !all[1].host.threshold) __builtin_trap();
  return 0;
}
