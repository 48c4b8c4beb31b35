#pragma once
// The protocol word of a rule header.

#include <string_view>

#include "signature/rule.h"

namespace mirrorscan::rules {

struct HeaderProtocol {
  signature::ProtocolSet protocols;
  signature::Scope scope = signature::Scope::any;
};

/// In any case. Throws Refusal for application protocols and unknown words.
[[nodiscard]] HeaderProtocol header_protocol(std::string_view word);

}  // namespace mirrorscan::rules
