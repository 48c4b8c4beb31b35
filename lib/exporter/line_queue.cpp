#include "exporter/line_queue.h"

#include <algorithm>

namespace mirrorscan::exporter {

bool LineQueue::push(std::string_view line) {
  if (line.size() >= ring_.size() - used_) return false;
  append(line);
  append("\n");
  return true;
}

void LineQueue::append(std::string_view bytes) {
  const std::size_t at = (front_ + used_) % ring_.size();
  const std::size_t first = std::min(bytes.size(), ring_.size() - at);
  std::copy_n(bytes.data(), first, ring_.data() + at);
  std::copy_n(bytes.data() + first, bytes.size() - first, ring_.data());
  used_ += bytes.size();
}

std::array<std::span<const char>, 2> LineQueue::pieces() const {
  const std::size_t first = std::min(used_, ring_.size() - front_);
  return {std::span(ring_).subspan(front_, first), std::span(ring_).first(used_ - first)};
}

LineQueue::Taken LineQueue::pop(std::size_t bytes) {
  Taken taken{bytes, 0};
  if (bytes == 0) return taken;
  for (const auto piece : pieces()) {
    const auto part = piece.first(std::min(bytes, piece.size()));
    taken.lines += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
    bytes -= part.size();
    if (!part.empty()) mid_line_ = part.back() != '\n';
  }
  front_ = (front_ + taken.bytes) % ring_.size();
  used_ -= taken.bytes;
  return taken;
}

LineQueue::Taken LineQueue::pop_torn_line() {
  if (!mid_line_) return {};
  std::size_t rest = 0;
  for (const auto piece : pieces()) {
    const auto newline = std::find(piece.begin(), piece.end(), '\n');
    rest += static_cast<std::size_t>(newline - piece.begin());
    if (newline != piece.end()) return pop(rest + 1);
  }
  return pop(rest);
}

}  // namespace mirrorscan::exporter
