#pragma once
// An open port: its device, its packet buffers, and its state while it runs.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/port.h"
#include "port/device.h"
#include "port/kind.h"
#include "port/refusals.h"
#include "port/tally.h"

struct rte_mempool;

namespace mirrorscan::port {

/// What the driver told, by DPDK's interrupt thread or from its timers.
struct Told {
  std::atomic<bool> reset_wanted{false}, removed{false};
};

class StartedPort final : public engine::Port {
 public:
  /// `made`: the virtual device was made by us and goes with the port. The pool is the port's now.
  StartedPort(Device device, Refusals refusals, std::vector<std::uint32_t> queue_workers, rte_mempool* pool,
              std::uint32_t buffer_bytes, bool made);
  ~StartedPort() override;

  [[nodiscard]] const std::string& name() const override { return device_.config().device; }
  [[nodiscard]] std::uint16_t id() const override { return device_.id(); }
  [[nodiscard]] exporter::PortStats stats() override;
  void tick() override;
  void stop() override;

 private:
  enum class State : std::uint8_t { running, letting_go, down, removed, stopped };
  struct Counts {
    Tally received, missed, no_mbuf, bytes, errors;
  };

  void look_for_faults();
  void begin_reset(const std::string& why);
  void reset();

  void lose(const std::string& why);
  void look_for_origin();
  void make_anew();
  [[nodiscard]] Status open_anew();
  void listen();
  void forget() noexcept;
  void read_counters();
  void read_link();
  [[nodiscard]] std::string state_name() const;

  Device device_;
  Refusals refusals_;
  rte_mempool* pool_;
  std::uint32_t buffer_bytes_;
  std::string driver_;
  bool made_;  ///< and is there
  Told told_;
  std::unique_ptr<Watch> watch_;
  State state_ = State::running;
  bool link_up_ = false;
  Counts counts_;
  std::uint64_t resets_ = 0, failed_resets_ = 0;
  std::uint32_t pause_ticks_ = 0;  ///< until the next reset
  exporter::PortStats last_;       ///< as of stop()
};

}  // namespace mirrorscan::port
