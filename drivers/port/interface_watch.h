#pragma once
// The watch of a port that is an interface of the kernel: its link, and the kernel's own counters.

#include <string>
#include <utility>

#include "port/interface.h"
#include "port/kind.h"

namespace mirrorscan::port {

class InterfaceWatch : public Watch {
 public:
  explicit InterfaceWatch(std::string interface)
      : interface_(std::move(interface)), start_(counts_of_interface(interface_)) {}

  [[nodiscard]] std::optional<bool> link_up() override { return is_running(interface_); }
  /// Adds what the interface counted since the start, as interface_packets and so on.
  void count(exporter::PortStats& stats) override;

 protected:
  [[nodiscard]] InterfaceCounts since_start() const;

 private:
  std::string interface_;
  InterfaceCounts start_;
};

}  // namespace mirrorscan::port
