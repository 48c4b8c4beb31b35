#include "traffic/capture_payloads.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "traffic/capture_flows.h"
#include "traffic/capture_frames.h"
#include "traffic/frame_parts.h"

namespace mirrorscan::traffic {
namespace {

/// The frames' numbers, flow by flow in the order in which the flows begin, each in the capture's order.
[[nodiscard]] std::vector<std::uint32_t> flow_by_flow(const CaptureFlows& flows) {
  std::vector<std::uint32_t> order(flows.places.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return flows.places[a].flow < flows.places[b].flow; });
  return order;
}

}  // namespace

Result<Book> book_of_payloads(const std::string& capture, std::uint8_t protocol) {
  const Result<CaptureFrames> read = read_capture(capture);
  if (!read) return read.error();
  const CaptureFrames& frames = read.value();
  Hosts unused;
  const CaptureFlows flows = follow_flows(frames, unused);
  Book book;
  for (const std::uint32_t number : flow_by_flow(flows)) {
    const ByteView frame = frames.view(frames.frames[number]);
    const FrameParts parts = parts_of(frame);
    const ByteView payload = parts.protocol == protocol ? payload_of(frame, parts) : ByteView{};
    if (payload.empty()) continue;
    if (payload.size() > kMostBookBytes - book.text.size()) break;
    book.entries.push_back({flows.places[number].direction, static_cast<std::uint32_t>(book.text.size()),
                            static_cast<std::uint32_t>(payload.size())});
    book.text.insert(book.text.end(), payload.begin(), payload.end());
  }
  if (book.entries.empty())
    return Error{capture, fmt::format("has no payload of IP protocol {}", protocol),
                 "give a capture with TCP and UDP payload"};
  return book;
}

Result<std::vector<std::uint16_t>> frame_sizes(const std::string& capture) {
  const Result<CaptureFrames> read = read_capture(capture);
  if (!read) return read.error();
  std::vector<std::uint16_t> sizes;
  for (const CaptureFrame& frame : read.value().frames)
    sizes.push_back(static_cast<std::uint16_t>(
        std::min<std::uint64_t>(std::uint64_t{frame.length} + frame.missing, 0xffff)));
  return sizes;
}

}  // namespace mirrorscan::traffic
