#include "rules/protocols.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "rules/refusal.h"
#include "rules/text.h"

namespace mirrorscan::rules {

namespace {

using signature::Scope;

constexpr std::uint16_t kAll = 256;   // every IP protocol number
constexpr std::uint16_t kNone = 257;  // no second number

struct Row {
  std::string_view word;
  std::uint16_t number;  // IANA protocol number, or kAll
  std::uint16_t second = kNone;
  bool v4 = true, v6 = true;
  Scope scope = Scope::any;
};

constexpr std::array kRows{
    Row{"tcp", 6},
    Row{"tcp-pkt", 6, kNone, true, true, Scope::packet},
    Row{"tcp-stream", 6, kNone, true, true, Scope::stream},
    Row{"udp", 17},
    Row{"icmp", 1, 58},
    Row{"icmpv4", 1},
    Row{"icmpv6", 58},
    Row{"sctp", 132},
    Row{"ip", kAll},
    Row{"pkthdr", kAll},
    Row{"ipv4", kAll, kNone, true, false},
    Row{"ip4", kAll, kNone, true, false},
    Row{"ipv6", kAll, kNone, false, true},
    Row{"ip6", kAll, kNone, false, true},
};

// Known words whose rules need a protocol parser.
constexpr std::array<std::string_view, 35> kApplications{"bittorrent-dht",
                                                         "dcerpc",
                                                         "dhcp",
                                                         "dnp3",
                                                         "dns",
                                                         "doh2",
                                                         "enip",
                                                         "ftp",
                                                         "ftp-data",
                                                         "http",
                                                         "http1",
                                                         "http2",
                                                         "ike",
                                                         "ikev2",
                                                         "imap",
                                                         "krb5",
                                                         "ldap",
                                                         "modbus",
                                                         "mqtt",
                                                         "nfs",
                                                         "ntp",
                                                         "pgsql",
                                                         "pop3",
                                                         "quic",
                                                         "rdp",
                                                         "rfb",
                                                         "sip",
                                                         "smb",
                                                         "smtp",
                                                         "snmp",
                                                         "ssh",
                                                         "telnet",
                                                         "tftp",
                                                         "tls",
                                                         "websocket"};

HeaderProtocol from(const Row& row) {
  HeaderProtocol out;
  if (row.number == kAll) {
    out.protocols.numbers.set();
  } else {
    out.protocols.numbers.set(row.number);
  }
  if (row.second != kNone) out.protocols.numbers.set(row.second);
  out.protocols.v4 = row.v4;
  out.protocols.v6 = row.v6;
  out.scope = row.scope;
  return out;
}

}  // namespace

HeaderProtocol header_protocol(std::string_view word) {
  const std::string name = lowered(word);
  const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.word == name; });
  if (row != kRows.end()) return from(*row);
  if (name == "ssl" || std::find(kApplications.begin(), kApplications.end(), name) != kApplications.end()) {
    throw Refusal("application protocol '" + name + "' is not supported in a rule header",
                  "write the transport protocol (tcp, udp) with its ports");
  }
  throw Refusal("unknown protocol " + quoted(word), "write tcp, udp, icmp, icmpv6, sctp or ip");
}

}  // namespace mirrorscan::rules
