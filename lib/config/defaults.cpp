#include "config/config.h"

namespace mirrorscan::config {

Config defaults(Profile profile) {
  Config config;
  config.profile = profile;
  if (profile == Profile::mirror) return config;
  // Suricata 7.0.10 as Debian ships it, reading a capture: no midstream pick-up, stream.reassembly.depth 1
  // MiB, no stream bytes on a SYN without TCP Fast Open, VLAN ids in the flow key, the first packet's sender
  // is the client, and `drop` ends the inspection of its flow.
  config.flow.vlan_in_key = true;
  config.flow.server_by_lower_port = false;
  config.stream.midstream = false;
  config.stream.payload_implies_established = false;
  config.stream.syn_data = false;
  config.stream.depth_bytes = 1'048'576;
  config.detect.drop_ends_flow = true;
  return config;
}

}  // namespace mirrorscan::config
