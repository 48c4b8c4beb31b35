#include "reassembly/second_versions.h"

#include <algorithm>

namespace mirrorscan::reassembly {

Settings SecondVersions::budget() noexcept {
  Settings settings;
  settings.max_held_bytes = 1'048'576;
  settings.max_held_bytes_per_stream = 131'072;
  return settings;
}

SecondVersions::SecondVersions() : streams_(budget()) {}

Kept SecondVersions::keep(StreamState& s, Due owner, Extent extent, const Versions& versions,
                          Timestamp now) noexcept {
  if (streams_.excess(s.other, extent.begin, extent.end) > 0) return Kept::in_part;
  if (s.other == 0) s.other = streams_.open(owner.connection_id, owner.direction);
  if (s.other == 0) return Kept::in_part;
  return streams_.store_other(s.other, extent, versions, now);
}

bool SecondVersions::next(StreamState& s, Chunk& out) noexcept {
  if (s.other == 0) return false;
  std::uint64_t& done = streams_.given_up_below(s.other);
  const Run run = streams_.front(s.other, done);
  if (run.begin == run.end) {
    forget(s);
    return false;
  }
  if (run.begin >= s.next) return false;
  done = std::min(run.end, s.next);
  out = {{run.bytes, done - run.begin}, run.begin};
  streams_.hand_out(out.bytes.size());
  return true;
}

void SecondVersions::forget(StreamState& s) noexcept {
  if (s.other != 0) streams_.close(s.other, streams_.given_up_below(s.other));
  s.other = 0;
}

}  // namespace mirrorscan::reassembly
