#include "traffic/frame_writer.h"

#include "traffic/inner_frame.h"

namespace mirrorscan::traffic {

std::size_t FrameWriter::write(const PacketPlan& plan, std::span<std::uint8_t> out) const noexcept {
  if (out.size() < outer_.bytes()) return 0;
  const std::size_t inner = write_inner_frame(plan, out.subspan(outer_.bytes()));
  if (inner == 0 || inner > outer_.most_inner_bytes()) return 0;
  outer_.write(out.data(), plan, inner);
  return outer_.bytes() + inner;
}

}  // namespace mirrorscan::traffic
