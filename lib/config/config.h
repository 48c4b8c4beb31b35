#pragma once
// The checked, immutable configuration. Every field has its default here and its row in fields.cpp.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/overlap_policy.h"

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

/// A DPDK port that packets are received from.
struct Port {
  std::string device;     ///< PCI address or name of a vdev
  std::string arguments;  ///< devargs
  std::uint32_t queues = 1;
  std::vector<std::uint32_t> queue_workers;  ///< by queue; empty = dealt out in turn
  std::uint32_t descriptors = 1'024;
  std::uint32_t mtu = 9'001;  ///< AWS's jumbo frame; 0 = as the device has it
  bool promiscuous = true;
  std::uint32_t mbufs = 0;  ///< 0 = computed
  std::string numa_node = "auto";
};

struct Workers {
  std::uint32_t count = 1;
  std::vector<std::uint32_t> cpus;  ///< by worker; empty = floating
  std::uint32_t burst = 32;
  std::uint32_t inbox_packets = 2'048;
  std::uint32_t yield_after_idle_polls = 0;  ///< 0 = never
};

enum class Hugepages : std::uint8_t { automatic, always, never };

struct Dpdk {
  Hugepages hugepages = Hugepages::automatic;
  std::uint32_t memory_mb = 0;  ///< 0 = computed
  std::vector<std::string> arguments;
};

struct Control {
  std::vector<std::uint32_t> cpus;  ///< empty = those that no worker has
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
  OverlapPolicy overlaps_ipv4 = OverlapPolicy::windows, overlaps_ipv6 = OverlapPolicy::bsd;
};

struct Stream {
  bool midstream = true;                    ///< pick up connections without their handshake; reference: false
  bool payload_implies_established = true;  ///< reference: false
  bool syn_data = true;                     ///< bytes on a SYN are the stream's first; reference: false
  std::uint64_t depth_bytes = 0;            ///< per direction, 0 = no limit; reference: 1,048,576
  OverlapPolicy overlaps_ipv4 = OverlapPolicy::windows, overlaps_ipv6 = OverlapPolicy::bsd;
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
  std::uint32_t max_flow_variables = 262'144;    ///< nodes of flowbits and flowints of an lcore
  std::uint32_t max_host_states = 262'144;       ///< of thresholds, xbits and hostbits of an lcore
  std::uint32_t max_evaluation_steps = 50'000;
  std::uint32_t pcre_match_limit = 10'000;
  std::uint64_t max_rule_steps_per_second = 10'000'000;  ///< of one rule on an lcore; 0 = no limit
  std::uint64_t max_steps_per_second = 100'000'000;      ///< of all rules on an lcore; 0 = no limit
  std::uint32_t suspension_s = 60;                       ///< of a rule beyond its steps
  std::uint32_t max_alerts_per_packet = 4'096;
  std::uint32_t max_alerts_per_sid_and_second = 0;  ///< 0 = no limit
  bool drop_ends_flow = false;  ///< a matched `drop` rule ends the inspection of its flow; reference: true
};

struct Dedup {
  bool enabled = true;
  std::uint32_t window_ms = 500;
  std::uint32_t max_records = 65'536;
};

struct RingOutput {
  std::string path;  ///< empty = none
  std::uint64_t bytes = 67'108'864;
};

struct FileOutput {
  std::string path;  ///< empty = none
};

struct SocketOutput {
  std::string path;  ///< empty = none
  std::uint32_t buffer_bytes = 4'194'304;
};

enum class LogTarget : std::uint8_t { standard_error, syslog };
enum class LogLevel : std::uint8_t { error, warning, info, debug };

struct Log {
  LogTarget target = LogTarget::standard_error;
  LogLevel level = LogLevel::info;
};

struct Output {
  bool flow_events = true;
  bool mirror_object = true;  ///< false = strict EVE schema: the VNI goes to traffic.label
  std::uint32_t ring_records = 16'384;
  std::uint32_t stats_interval_s = 8;  ///< as Suricata's
  std::uint32_t rule_stats = 20;
  RingOutput ring;
  FileOutput file;
  SocketOutput socket;
};

/// Rule variables by name, in the order of the file: {"HOME_NET", "[10.0.0.0/8]"}.
using Variables = std::vector<std::pair<std::string, std::string>>;

struct Config {
  Profile profile = Profile::mirror;
  std::vector<std::string> rule_files;
  std::string vars_file;
  std::string threshold_file;
  Variables address_groups, port_groups;  ///< override those of vars_file
  std::vector<Port> ports;
  Workers workers;
  Dpdk dpdk;
  Control control;
  std::vector<Tenant> tenants;
  Decap decap;
  Flow flow;
  Defrag defrag;
  Stream stream;
  Detect detect;
  Dedup dedup;
  Output output;
  Log log;
};

/// The defaults of a profile: the initialisers above, and what the profile changes.
[[nodiscard]] Config defaults(Profile profile);

}  // namespace mirrorscan::config
