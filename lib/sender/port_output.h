#pragma once
// A DPDK port of any kind as the receiver.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "sender/mbuf_output.h"

namespace mirrorscan::sender {

/// Arguments for EAL that a port needs before it can be opened: "-a 0000:00:06.0" for one on PCI.
[[nodiscard]] std::vector<std::string> eal_arguments(const std::string& devargs);

class PortOutput final : public MbufOutput {
 public:
  /// What DPDK itself counted; a driver may take a packet and then not send it.
  struct PortCounts {
    std::uint64_t sent = 0, errors = 0;
  };

  /// `devargs`: "net_af_packet0,iface=eth1", "net_ring0", "0000:00:06.0". After start_eal(), with memory for
  /// `buffers`. Errors: what DPDK says.
  [[nodiscard]] static Result<std::unique_ptr<PortOutput>> open(const std::string& devargs,
                                                                const traffic::Profile& profile,
                                                                const BufferPlan& buffers);
  ~PortOutput() override;

  [[nodiscard]] Status finish() override;
  [[nodiscard]] std::string name() const override { return "port " + name_; }
  [[nodiscard]] std::vector<Figure> facts() const override;
  [[nodiscard]] std::optional<std::string> warning() const override;

 private:
  PortOutput(std::string name, std::uint16_t id, const traffic::Profile& profile, engine::Pool pool);

  [[nodiscard]] Status bring_up();
  [[nodiscard]] Error failed(const char* what, int code) const;
  [[nodiscard]] std::size_t hand_over(std::span<rte_mbuf*> packets) noexcept override;

  std::string name_;
  std::uint16_t id_;
  PortCounts told_;
};

}  // namespace mirrorscan::sender
