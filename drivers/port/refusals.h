#pragma once
// What a port was asked for and does not do: told once in the log, and kept for stats.

#include <string>
#include <vector>

#include "exporter/stats.h"

namespace mirrorscan::port {

class Refusals {
 public:
  explicit Refusals(std::string port) : port_(std::move(port)) {}

  /// Logs a warning. An operation that was refused before is not told again.
  void add(const std::string& operation, const std::string& reason);
  /// As add(), with what DPDK's error number means; nothing when `code` is 0.
  void add_code(const std::string& operation, int code, const std::string& consequence);

  [[nodiscard]] const std::vector<exporter::PortRefusal>& list() const noexcept { return list_; }

 private:
  std::string port_;
  std::vector<exporter::PortRefusal> list_;
};

}  // namespace mirrorscan::port
