// Whole traffic to a capture file: made by lib/traffic, sent by the sender.

#include <fstream>
#include <iterator>
#include <string>

#include "sender/pcap_output.h"
#include "sender/scratch_output.h"
#include "sender/sender.h"
#include "support/catch.h"
#include "support/scratch_folder.h"
#include "traffic/generator.h"

using namespace mirrorscan;
using namespace mirrorscan::sender;

namespace {

[[nodiscard]] traffic::Profile profile_of(std::uint64_t seed) {
  traffic::Profile profile;
  profile.seed = seed;
  profile.packets = 2'000;
  profile.flows.concurrent = 50;
  profile.flows.ipv6_share = 0.3;
  profile.mirrors.vnis = 3;
  return profile;
}

OutputCounts send(const traffic::Profile& profile, Output& output) {
  auto generator = traffic::Generator::make(profile);
  REQUIRE(generator);
  CounterPacer pacer(TickRate(1), Wait::spin);
  Sender sender(*generator.value(), output, pacer, {.pace = Pace::as_fast_as_possible});
  sender.run();
  REQUIRE(output.finish());
  return sender.outcome().counts;
}

[[nodiscard]] std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

[[nodiscard]] std::string capture_of(const traffic::Profile& profile, const std::string& path) {
  auto output = PcapOutput::open(path, profile);
  REQUIRE(output);
  send(profile, *output.value());
  return bytes_of(path);
}

}  // namespace

TEST_CASE("the same seed gives the same capture, byte for byte, and another seed another one") {
  const support::ScratchFolder scratch;
  const std::string first = capture_of(profile_of(7), scratch.folder + "/a");
  CHECK(first.size() > 2'000 * 16);
  CHECK(first == capture_of(profile_of(7), scratch.folder + "/b"));
  CHECK(first != capture_of(profile_of(8), scratch.folder + "/c"));
}

TEST_CASE("a capture has a record of each packet, with as many bytes as are counted") {
  const support::ScratchFolder scratch;
  const std::string path = scratch.folder + "/a";
  auto output = PcapOutput::open(path, profile_of(7));
  REQUIRE(output);
  const OutputCounts counts = send(profile_of(7), *output.value());
  CHECK(counts.sent == 2'000);
  CHECK(counts.lost() == 0);
  constexpr std::size_t kFileHeader = 24, kRecordHeader = 16;
  CHECK(bytes_of(path).size() == kFileHeader + counts.sent * kRecordHeader + counts.bytes);
}

TEST_CASE("a capture in a folder that is not there is told with its path") {
  const auto output = PcapOutput::open("/no-such-folder/a", profile_of(7));
  REQUIRE_FALSE(output);
  CHECK(output.error().where.find("/no-such-folder/a") != std::string::npos);
}

TEST_CASE("a full disk ends the sender long before its traffic's end, and is told") {
  traffic::Profile profile = profile_of(7);
  profile.packets = 2'000'000;
  auto output = PcapOutput::open("/dev/full", profile);
  REQUIRE(output);
  auto generator = traffic::Generator::make(profile);
  REQUIRE(generator);
  CounterPacer pacer(TickRate(1), Wait::spin);
  Sender sender(*generator.value(), *output.value(), pacer, {.pace = Pace::as_fast_as_possible});
  sender.run();
  CHECK(sender.outcome().counts.made < 100'000);
  const Status finished = output.value()->finish();
  REQUIRE_FALSE(finished);
  CHECK(finished.error().what.find("No space left") != std::string::npos);
}

TEST_CASE("frames that go nowhere are the frames of the capture, counted alike") {
  const support::ScratchFolder scratch;
  ScratchOutput nowhere(profile_of(7));
  const OutputCounts made = send(profile_of(7), nowhere);
  auto output = PcapOutput::open(scratch.folder + "/a", profile_of(7));
  REQUIRE(output);
  const OutputCounts written = send(profile_of(7), *output.value());
  CHECK(made.sent == written.sent);
  CHECK(made.bytes == written.bytes);
}
