#include "port/refusals.h"

#include <fmt/format.h>
#include <rte_errno.h>

#include <algorithm>
#include <cstdlib>

#include "engine/log.h"

namespace mirrorscan::port {

void Refusals::add(const std::string& operation, const std::string& reason) {
  const bool known = std::any_of(list_.begin(), list_.end(),
                                 [&](const auto& refusal) { return refusal.operation == operation; });
  if (known) return;
  list_.push_back({operation, reason});
  engine::log_warning(fmt::format("port {}: {}: {}", port_, operation, reason));
}

void Refusals::add_code(const std::string& operation, int code, const std::string& consequence) {
  if (code == 0) return;
  add(operation, fmt::format("{}; {}", rte_strerror(std::abs(code)), consequence));
}

}  // namespace mirrorscan::port
