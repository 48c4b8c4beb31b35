#include "exporter/ring_sink.h"

#include <string>

#include "support/catch.h"
#include "support/scratch_folder.h"

using namespace mirrorscan;

TEST_CASE(
    "an event that is larger than the ring takes is lost and counted, and the setting that helps is named") {
  const support::ScratchFolder scratch;
  auto writer = ring::JsonRingWriter::open(scratch.folder + "/events.ring", 65'536);
  REQUIRE(writer.ok());
  exporter::RingSink sink("/ring", std::move(writer).value());
  sink.write(ring::RecordType::alert, "{}");
  sink.write(ring::RecordType::stats, std::string(9'000, 'x'));
  sink.write(ring::RecordType::alert, "{}");
  const exporter::SinkStats stats = sink.stats();
  CHECK(stats.written_events == 2);
  CHECK(stats.written_bytes == 4);
  CHECK(stats.lost_events == 1);
  CHECK(stats.lost_bytes == 9'000);
  CHECK(stats.last_error.find("an event of 9000 bytes") == 0);
  CHECK(stats.last_error.find("output.ring.bytes") != std::string::npos);
}
