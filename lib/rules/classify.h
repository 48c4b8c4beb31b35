#pragma once
// The class of a rule (design section 2), and what it may be matched on.

#include "base/direction.h"
#include "ruleset/ruleset.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

/// The rule asks for packets (`tcp-pkt`, `flow:no_stream`) or for reassembled bytes (`tcp-stream`,
/// `flow:only_stream`) and nothing else.
[[nodiscard]] bool packets_only(const signature::Rule& rule) noexcept;
[[nodiscard]] bool stream_only(const signature::Rule& rule) noexcept;

/// Nothing but addresses, ports and protocol decides it (flowbits that it sets do no harm): inspected once a
/// flow and direction, or, with negated addresses, each packet, as the reference does.
[[nodiscard]] bool is_header_only(const signature::Rule& rule) noexcept;

/// Needs header, flow, packet and payload. Throws Refusal when no packet and no stream could ever match:
/// packets only and stream only at once, or stream only without payload tests or with tests on packet fields.
[[nodiscard]] signature::RuleClass class_of(const signature::Rule& rule);

/// True when the rule takes part in the scans of this kind of payload in this direction. Needs rule_class.
[[nodiscard]] bool takes_part(const signature::Rule& rule, ruleset::ScanKind kind,
                              Direction direction) noexcept;

}  // namespace mirrorscan::rules
