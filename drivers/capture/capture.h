#pragma once
// Capture files (pcap, pcapng) as a source of frames, read with libpcap.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/timestamp.h"

struct rte_mbuf;
struct rte_mempool;

namespace mirrorscan::capture {

/// One Ethernet frame. `bytes` are valid until the next read().
struct Frame {
  Timestamp time;                     ///< as the file has it, not made monotonic; nanoseconds rounded down
  std::uint64_t index = 0;            ///< position over all files, from 0
  ByteView bytes;                     ///< what was captured
  std::uint32_t original_length = 0;  ///< on the wire; more than bytes.size() when the capture cut the frame
};

/// Yields the frames of one or several files in file order, one file after the other.
class Reader {
 public:
  /// Opens all files at once, so that a wrong name or link type fails at start (and because a pipe can only
  /// be opened once). `-` is standard input. Errors: a file that cannot be opened, is no capture, or is not
  /// Ethernet.
  [[nodiscard]] static Result<Reader> open(const std::vector<std::string>& paths);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  /// Fills up to out.size() frames and says how many. Less than out.size(): the end of the last file, or a
  /// file that cannot be read further; error() tells which. All whole frames before a damaged place are given
  /// first; after an error there are no more frames, also not from later files.
  [[nodiscard]] std::size_t read(std::span<Frame> out);

  /// The file, the number of the packet (from 1) and what is wrong with it; nothing after a clean end.
  [[nodiscard]] const std::optional<Error>& error() const noexcept;

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// Copies a frame into an mbuf, chained where it is longer than one, and sets time and capture index in its
/// Meta. nullptr when the pool has not enough mbufs.
[[nodiscard]] rte_mbuf* to_mbuf(const Frame& frame, rte_mempool& pool) noexcept;

}  // namespace mirrorscan::capture
