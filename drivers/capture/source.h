#pragma once
// Capture files as the packet source of a replay.

#include "capture/capture.h"
#include "engine/replay.h"

namespace mirrorscan::capture {

class Source final : public engine::PacketSource {
 public:
  explicit Source(Reader reader) : reader_(std::move(reader)) {}

  [[nodiscard]] std::size_t read(std::span<rte_mbuf*> out, rte_mempool& pool) override;
  [[nodiscard]] bool exhausted() const override { return ended_ && !pending_; }
  [[nodiscard]] std::optional<Error> error() const override { return reader_.error(); }

 private:
  [[nodiscard]] bool next_frame();

  Reader reader_;
  Frame frame_;
  bool pending_ = false;  ///< frame_ waits for an mbuf
  bool ended_ = false;
};

}  // namespace mirrorscan::capture
