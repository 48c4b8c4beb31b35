#pragma once
// Device arguments as DPDK reads them: key=value, separated by commas.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace mirrorscan::port {

/// The values of a key, in order. Errors: text that DPDK cannot read.
[[nodiscard]] Result<std::vector<std::string>> values_of(const std::string& arguments, const char* key);

/// The first value of a key; nothing when it is absent, or the arguments cannot be read.
[[nodiscard]] std::optional<std::string> value_of(const std::string& arguments, const char* key);

/// The first value as a number; nothing also when it is none.
[[nodiscard]] std::optional<std::uint32_t> number_of(const std::string& arguments, const char* key);

/// Every key is in `known`, "iface qpairs"; an empty list knows all. DPDK itself says only that an argument
/// is invalid. Errors: a key that is not, and text that DPDK cannot read.
[[nodiscard]] Status check_keys(const std::string& arguments, std::string_view known);

/// `key`, where the user wrote it, asks for as many queues as `queues` says: the device would deal packets
/// out to the others too, and nobody polls those.
[[nodiscard]] Status check_queues(const config::Port& port, const char* key);

/// "a,b"; one of them may be empty.
[[nodiscard]] std::string join(const std::string& first, const std::string& second);

}  // namespace mirrorscan::port
