#include "sender/scratch_output.h"

#include "sender/mbuf_output.h"

namespace mirrorscan::sender {

ScratchOutput::ScratchOutput(const traffic::Profile& profile)
    : writer_(profile), memory_(kMemoryBytes), buffer_bytes_(buffer_bytes(profile)) {}

void ScratchOutput::make(std::span<const traffic::PacketPlan> plans) noexcept {
  for (const traffic::PacketPlan& plan : plans) {
    if (at_ + buffer_bytes_ > memory_.size()) at_ = 0;
    const std::size_t length = writer_.write(plan, std::span(memory_).subspan(at_, buffer_bytes_));
    at_ += buffer_bytes_;
    counts_.bytes += length;
    ++(length > 0 ? counts_.sent : counts_.too_long);
  }
  counts_.made += plans.size();
}

}  // namespace mirrorscan::sender
