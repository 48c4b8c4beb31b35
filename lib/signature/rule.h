#pragma once
// A rule in its compiled form: written by lib/rules (which may throw), read by lib/alert (which may not).
// Immutable after load, shared by all lcores.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "signature/buffer.h"
#include "signature/flow_variables.h"
#include "signature/host_condition.h"
#include "signature/sets.h"

namespace mirrorscan::signature {

/// In the order in which matches of one packet take effect.
enum class Action : std::uint8_t { pass, drop, reject, alert };

/// Design section 2. `ip_only` rules are packet rules that need nothing but the header: once a flow and
/// direction.
enum class RuleClass : std::uint8_t { ip_only, packet, anchored, stream };

/// `tcp`, `tcp-pkt`, `tcp-stream`.
enum class Scope : std::uint8_t { any, packet, stream };

enum class Wanted : std::uint8_t { any, to_server, to_client };
enum class Established : std::uint8_t { any, yes, no };
enum class StreamMatch : std::uint8_t { any, only_stream, no_stream };
enum class Fragments : std::uint8_t { any, no_frag, only_frag };

struct FlowCondition {
  bool present = false;     ///< the rule has a `flow` keyword
  bool needs_flow = false;  ///< says more than a direction: a packet of no flow does not match
  Wanted direction = Wanted::any;
  Established established = Established::any;
  StreamMatch stream = StreamMatch::any;
  Fragments fragments = Fragments::any;
};

struct Header {
  ProtocolSet protocols;
  AddressSet src, dst;
  PortSet src_ports, dst_ports;
  bool negated_addresses = false;  ///< a `!` stands in its addresses, or in a variable that they use
};

/// The pattern whose hit starts the evaluation of a rule (its fast pattern).
struct Trigger {
  std::size_t test = 0;      ///< index into Rule::payload
  std::uint32_t length = 0;  ///< bytes of a literal; 0 when the trigger is a regular expression
  std::string pattern;       ///< Hyperscan syntax
  bool nocase = false;
  bool prefilter = false;  ///< the expression is only a necessary condition (HS_FLAG_PREFILTER)
};

struct Reference {
  std::string system, id;
};

/// What only a human or the exporter reads.
struct RuleText {
  std::string msg, classtype, category;
  std::vector<Reference> references;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::string target;  ///< "src_ip" or "dest_ip", the side under attack; empty where the rule does not say
  std::string file;
  std::uint32_t line = 0;
};

struct Rule {
  std::uint32_t sid = 0, gid = 1, rev = 0, priority = 3;
  Action action = Action::alert;
  bool noalert = false;
  bool pass_alerts = false;  ///< keyword `alert`: a `pass` rule that tells what it lets go
  RuleClass rule_class = RuleClass::packet;
  /// `pass` and `drop` are for the whole flow, whatever matched: a rule on addresses alone.
  bool acts_on_flow = false;
  Scope scope = Scope::any;
  Header header;
  bool way_back =
      false;  ///< with the rule before it, it stands for one with `<>`: who counts rules counts one
  FlowCondition flow;
  bool by_ip_proto =
      false;  ///< `ip_proto` has narrowed the header's protocols: payload is looked at by packet
  FlowProgram state;
  HostPart host;
  std::vector<std::unique_ptr<PacketTest>> packet;
  std::vector<BufferTests> headers;  ///< tests on header buffers, each buffer once, in the order of the rule
  TestList payload;
  std::optional<Trigger> trigger;
  /// Stream rules: bytes before the start and after the end of a trigger that can decide it, at most the
  /// window.
  std::uint32_t look_back = 0, look_ahead = 0;
  bool monotone =
      true;  ///< a match stays a match when more bytes follow: it may alert before look_ahead is there
  RuleText text;
};

using RuleIndex = std::uint32_t;

}  // namespace mirrorscan::signature
