#pragma once
// The watch of a port that is an interface of the kernel: its link, the kernel's own counters, and whether it
// is still the interface that the port was made from.

#include <string>

#include "port/interface.h"
#include "port/kind.h"
#include "port/tally.h"

namespace mirrorscan::port {

class InterfaceWatch : public Watch {
 public:
  explicit InterfaceWatch(std::string interface);

  /// Reads the counters often: those of an interface go with it.
  void tick() override { read(); }
  [[nodiscard]] std::optional<bool> link_up() override { return is_running(interface_); }
  /// By the interface's index, which the kernel does not give again soon. Another one counts once it is
  /// running: whoever makes it sets its MTU before that.
  [[nodiscard]] Origin origin() override;
  void made_anew() override;
  /// Adds what the interface counted since the start, as interface_packets and so on.
  void count(exporter::PortStats& stats) override;

 protected:
  /// Frames that the interface dropped since the start.
  [[nodiscard]] std::uint64_t dropped();
  [[nodiscard]] const std::string& interface() const noexcept { return interface_; }

 private:
  void read();

  std::string interface_;
  unsigned index_;  ///< 0 once it was seen to be gone
  Tally packets_, errors_, dropped_, overruns_;
};

}  // namespace mirrorscan::port
