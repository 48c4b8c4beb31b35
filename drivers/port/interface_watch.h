#pragma once
// The watch of a port that is an interface of the kernel: its link, and the kernel's own counters.

#include <string>
#include <utility>

#include "port/interface.h"
#include "port/kind.h"
#include "port/tally.h"

namespace mirrorscan::port {

class InterfaceWatch : public Watch {
 public:
  explicit InterfaceWatch(std::string interface) : interface_(std::move(interface)), start_(read()) {}

  [[nodiscard]] std::optional<bool> link_up() override { return is_running(interface_); }
  /// Adds what the interface counted since the start, as interface_packets and so on.
  void count(exporter::PortStats& stats) override;

 protected:
  [[nodiscard]] InterfaceCounts since_start();

 private:
  [[nodiscard]] InterfaceCounts read();

  std::string interface_;
  Tally packets_, errors_, dropped_, overruns_;  ///< an interface that is removed counts 0, a new one anew
  InterfaceCounts start_;
};

}  // namespace mirrorscan::port
