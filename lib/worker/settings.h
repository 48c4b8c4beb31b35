#pragma once
// What a worker is made with: the rooms' own settings, taken from the configuration in one place.

#include "alert/inspector.h"
#include "config/config.h"
#include "decap/decap.h"
#include "dedup/dedup.h"
#include "defrag/defragmenter.h"
#include "flow/key.h"
#include "flow/table.h"
#include "reassembly/assembler.h"

namespace mirrorscan::worker {

/// How a TCP or UDP flow whose first packet says nothing about it gets its direction.
enum class ServerBy : std::uint8_t { lower_port, first_packet };
/// What happens when the ring to the exporter is full: `run` drops and counts until it ends, `replay` waits.
enum class WhenFull : std::uint8_t { drop, wait };

struct Settings {
  decap::Settings decap;
  dedup::Settings dedup;
  bool dedup_enabled = true;
  defrag::Settings defrag;
  std::uint32_t max_flows = 262'144;
  flow::VlanInKey vlan_in_key = flow::VlanInKey::no;
  flow::Timeouts timeouts;
  ServerBy server_by = ServerBy::lower_port;
  reassembly::Settings reassembly;
  alert::Settings alert;
  std::uint32_t max_host_states = 262'144;
  bool flow_events = true;
  flow::HashSeed flow_seed;
  std::uint64_t steer_seed = 0;  ///< the same for all workers
  WhenFull when_full = WhenFull::drop;

  [[nodiscard]] static Settings from(const config::Config& config);

  /// Makes all hashes unpredictable for traffic that would aim at them. Results do not depend on it, but for
  /// flow ids and for which worker owns what.
  void seed_hashes(std::uint64_t random) noexcept;
};

}  // namespace mirrorscan::worker
