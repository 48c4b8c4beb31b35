#pragma once
// The other version of bytes that wait behind a hole and came twice with different contents: what
// next_chunk() does not give, kept until the stream has passed it.

#include "base/timestamp.h"
#include "reassembly/connection.h"
#include "reassembly/held_streams.h"
#include "reassembly/segment.h"
#include "reassembly/versions.h"

namespace mirrorscan::reassembly {

class SecondVersions {
 public:
  /// Maps room for 1 MiB in all and 128 KiB a stream: a little, since honest senders need none.
  SecondVersions();
  [[nodiscard]] static Settings budget() noexcept;

  /// Takes the other version of the extent. Whole: this and what was kept before is all there.
  Kept keep(StreamState& s, Due owner, Extent extent, const Versions& versions, Timestamp now) noexcept;
  /// The next bytes before the stream's next one.
  [[nodiscard]] bool next(StreamState& s, Chunk& out) noexcept;
  void forget(StreamState& s) noexcept;

 private:
  HeldStreams streams_;
};

}  // namespace mirrorscan::reassembly
