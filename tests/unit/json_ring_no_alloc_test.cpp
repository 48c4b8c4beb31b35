#include <string>

#include "support/catch.h"
#include "support/no_alloc/call_count.h"
#include "support/ring_scratch.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

TEST_CASE("write() allocates nothing and takes no lock, lap after lap") {
  const RingScratch scratch;
  ring::JsonRingWriter writer = ring_writer(scratch.path, 65'536);
  const std::string payload = ring_payload(7);
  const CallCount calls;
  REQUIRE(calls.loaded());
  bool written = true;
  {
    const Counted counted(calls);
    for (int i = 0; i < 2'000; ++i) written = written && writer.write(ring::RecordType::alert, payload);
  }
  CHECK(written);
  CHECK(calls.text() == "");
}
