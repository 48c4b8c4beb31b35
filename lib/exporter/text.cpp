#include "exporter/text.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace mirrorscan::exporter {
namespace {

struct ProtocolName {
  std::uint8_t number;
  std::string_view name;
};

// IANA, "Assigned Internet Protocol Numbers": those that are seen in the field.
constexpr std::array<ProtocolName, 26> kProtocolNames{{
    {0, "HOPOPT"}, {1, "ICMP"},      {2, "IGMP"},  {4, "IPv4"},        {6, "TCP"},         {8, "EGP"},
    {17, "UDP"},   {33, "DCCP"},     {41, "IPv6"}, {43, "IPv6-Route"}, {44, "IPv6-Frag"},  {46, "RSVP"},
    {47, "GRE"},   {50, "ESP"},      {51, "AH"},   {58, "IPv6-ICMP"},  {59, "IPv6-NoNxt"}, {60, "IPv6-Opts"},
    {88, "EIGRP"}, {89, "OSPFIGP"},  {103, "PIM"}, {108, "IPComp"},    {112, "VRRP"},      {115, "L2TP"},
    {132, "SCTP"}, {136, "UDPLite"},
}};

}  // namespace

std::string address_text(IpVersion version, const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(version == IpVersion::v6 ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
  return text.data();
}

std::string time_text(Timestamp time) {
  constexpr std::int64_t kLast = 253'402'300'799'999'999;  // the last microsecond of the year 9999
  constexpr std::int64_t kDay = 86'400'000'000;
  const std::int64_t us = std::clamp<std::int64_t>(time.us, 0, kLast);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{us / kDay}}};
  const std::int64_t in_day = us % kDay;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}+0000", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     in_day / 3'600'000'000, in_day / 60'000'000 % 60, in_day / 1'000'000 % 60,
                     in_day % 1'000'000);
}

std::string protocol_text(std::uint8_t protocol) {
  const auto at = std::ranges::find(kProtocolNames, protocol, &ProtocolName::number);
  return at == kProtocolNames.end() ? std::to_string(protocol) : std::string(at->name);
}

}  // namespace mirrorscan::exporter
