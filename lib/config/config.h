#pragma once
// The checked, immutable configuration. Every field has its default here and its row in fields.cpp.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"

namespace mirrorscan::config {

/// Design section 1: `mirror` for mirrored traffic, `reference` for comparison with Suricata 7.0.10. Each
/// difference is one named setting below; the profile only chooses their defaults.
enum class Profile : std::uint8_t { mirror, reference };

/// Mirror sessions that share one address space.
struct Tenant {
  std::string name;
  std::vector<std::uint32_t> vnis;
  std::vector<std::string> sources;  ///< outer source addresses; empty = any
};

struct Decap {
  std::vector<std::uint16_t> vxlan_ports{4789};
  std::vector<std::uint16_t> geneve_ports{6081};
};

struct Flow {
  std::uint32_t max_flows = 262'144;
  bool vlan_in_key = false;  ///< profile reference: true
  /// Without a SYN the endpoint with the lower port is the server; else the sender of the first packet is the
  /// client.
  bool server_by_lower_port = true;  ///< profile reference: false
  std::uint32_t tcp_new_timeout_s = 60, tcp_established_timeout_s = 600, tcp_closed_timeout_s = 60;
  std::uint32_t udp_new_timeout_s = 30, udp_established_timeout_s = 300;
  std::uint32_t icmp_new_timeout_s = 30, icmp_established_timeout_s = 300;
  std::uint32_t other_new_timeout_s = 30, other_established_timeout_s = 300;
};

struct Defrag {
  std::uint32_t max_datagrams = 4'096;
  std::uint32_t max_bytes = 33'554'432;
  std::uint32_t timeout_s = 60;
};

struct Stream {
  bool midstream = true;                    ///< pick up connections without their handshake; reference: false
  bool payload_implies_established = true;  ///< reference: false
  std::uint64_t depth_bytes = 0;            ///< per direction, 0 = no limit; reference: 1,048,576
  std::uint32_t max_held_bytes = 67'108'864;  ///< out-of-order bytes, all flows of an lcore
  std::uint32_t max_held_bytes_per_stream = 1'048'576;
  std::uint32_t gap_timeout_ms = 2'000;  ///< a hole that nobody acknowledged is given up after this
  std::uint32_t max_streams = 65'536;    ///< Hyperscan stream states of an lcore
};

struct Detect {
  std::uint32_t window_bytes = 4'096;            ///< W of design section 2
  std::uint32_t max_window_bytes = 134'217'728;  ///< all look-back windows of an lcore
  std::uint32_t max_pended_triggers = 65'536;
  std::uint32_t max_remembered_alerts = 65'536;  ///< "once a window" memory of an lcore
  std::uint32_t max_evaluation_steps = 20'000;
  std::uint32_t pcre_match_limit = 10'000;
  std::uint32_t max_alerts_per_packet = 1'024;
  std::uint32_t max_alerts_per_sid_and_second = 0;  ///< 0 = no limit
  bool drop_ends_flow = false;  ///< a matched `drop` rule ends the inspection of its flow; reference: true
};

struct Dedup {
  bool enabled = true;
  std::uint32_t window_ms = 500;
  std::uint32_t max_records = 65'536;
};

struct Output {
  bool flow_events = true;
  bool mirror_object = true;  ///< false = strict EVE schema: the VNI goes to traffic.label
  std::uint32_t ring_records = 16'384;
};

/// Rule variables by name, in the order of the file: {"HOME_NET", "[10.0.0.0/8]"}.
using Variables = std::vector<std::pair<std::string, std::string>>;

struct Config {
  Profile profile = Profile::mirror;
  std::vector<std::string> rule_files;
  std::string vars_file;
  Variables address_groups, port_groups;  ///< override those of vars_file
  std::vector<Tenant> tenants;
  Decap decap;
  Flow flow;
  Defrag defrag;
  Stream stream;
  Detect detect;
  Dedup dedup;
  Output output;
};

/// The defaults of a profile: the initialisers above, and what the profile changes.
[[nodiscard]] Config defaults(Profile profile);

}  // namespace mirrorscan::config
