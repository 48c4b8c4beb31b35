#pragma once
// Where packets go: a port, a capture file, or the inspector in this process.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "sender/report.h"
#include "traffic/plan.h"

namespace mirrorscan::sender {

/// What became of the packets that were made: made = sent + lost() + discarded, at the end.
struct OutputCounts {
  std::uint64_t made = 0;
  std::uint64_t sent = 0, bytes = 0;  ///< taken by the receiver; bytes of whole frames
  std::uint64_t dropped = 0;          ///< the receiver had no room
  std::uint64_t no_buffer = 0;        ///< no packet buffer was free: the receiver holds them all
  std::uint64_t too_long = 0;         ///< the frame did not fit a packet buffer
  std::uint64_t discarded = 0;        ///< made, and the sender was stopped before they were due

  [[nodiscard]] std::uint64_t lost() const noexcept { return dropped + no_buffer + too_long; }
};

/// A queue of frames that are made and not yet sent. Never waits for its receiver: what that does not take at
/// once is dropped and counted. One thread.
class Output {
 public:
  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  virtual ~Output() = default;

  /// Makes a frame of each plan, behind those made before.
  virtual void make(std::span<const traffic::PacketPlan> plans) noexcept = 0;
  /// Sends the first `count` of those made. `count` is at most what waits.
  virtual void send(std::size_t count) noexcept = 0;
  /// Frees those that are made and not sent.
  virtual void discard() noexcept = 0;
  /// Whether nothing that is sent from now on can arrive: a disk is full. The sender ends then.
  [[nodiscard]] virtual bool is_broken() const noexcept { return false; }
  /// After the last packet: what can only be known then. Errors: a file that could not be written.
  [[nodiscard]] virtual Status finish() { return success(); }

  [[nodiscard]] const OutputCounts& counts() const noexcept { return counts_; }
  /// What the summary calls it: "port net_af_packet0", "capture out.pcap".
  [[nodiscard]] virtual std::string name() const = 0;
  /// What else it knows, by name; after finish(): "port_sent", "sha256".
  [[nodiscard]] virtual std::vector<Figure> facts() const { return {}; }
  /// Why fewer packets than `sent` may have left the machine; nothing for no reason.
  [[nodiscard]] virtual std::optional<std::string> warning() const { return std::nullopt; }

 protected:
  OutputCounts counts_;
};

}  // namespace mirrorscan::sender
