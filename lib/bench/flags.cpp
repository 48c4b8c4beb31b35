#include "bench/flags.h"

#include <vector>

#include "match/scanner.h"

namespace mirrorscan::bench {

void raise_for_traffic(const FedTraffic& traffic, Flags& flags) {
  flags.raise_if(traffic.repeated_share() > kMostRepeated, kLoopedCapture);
  flags.raise_if(traffic.census().entropy_bits() > kNoiseBits && traffic.census().text_share() < kNoiseText,
                 kRandomPayload);
  flags.raise_if(traffic.packets() < kFewPackets || traffic.outer_bytes() < kFewBytes, kSmallCapture);
}

Result<bool> tells_once(const match::Database& db, ByteView text) {
  match::Scanner scanner;
  if (Status prepared = scanner.prepare(db); !prepared) return prepared.error();
  std::vector<std::uint8_t> twice(text.begin(), text.end());
  twice.insert(twice.end(), text.begin(), text.end());
  std::size_t first = 0, second = 0;
  auto note = [&](const match::Hit& hit) {
    first += hit.end == text.size() ? 1 : 0;
    second += hit.end == twice.size() ? 1 : 0;
  };
  if (db.mode == match::Mode::block) {
    scanner.scan_block(db, twice, note);
  } else {
    auto streams = match::StreamPool::open(db, 1);
    if (!streams) return streams.error();
    match::Stream* stream = streams.value().acquire();
    scanner.scan_stream(stream, twice, note);
    streams.value().release(stream);
  }
  return first > 0 && second == 0;
}

}  // namespace mirrorscan::bench
