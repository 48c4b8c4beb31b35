// The lanes of a daemon under traffic, with all sinks busy: no allocation, no lock, no wait, and no system
// call.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "exporter/file_sink.h"
#include "exporter/ring_sink.h"
#include "exporter/socket_sink.h"
#include "support/catch.h"
#include "support/daemon_bench.h"
#include "support/mirror.h"
#include "support/no_alloc/call_count.h"
#include "support/packet_builder.h"
#include "support/random_stream.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

constexpr std::uint16_t kWorkers = 2;

// What the receive callback knows; it runs in the lanes.
const CallCount& calls() {
  static const CallCount count;
  return count;
}
std::array<std::atomic<pid_t>, kWorkers> lane_ids{};

/// The first packets of a queue end its lane's start: from there on everything is counted.
void arm_lane(std::uint16_t queue) {
  thread_local bool armed = false;
  if (armed) return;
  armed = true;
  lane_ids[queue].store(gettid());
  calls().arm();
}

std::string traced;  ///< what strace saw; "-" when it could not look

/// `strace -c` on both lanes for a second.
void trace_lanes() {
  const std::string path = "/tmp/mirrorscan-trace-" + std::to_string(getpid());
  std::string command = "env -u LD_PRELOAD timeout -s INT 1 strace -c -o " + path;
  for (const auto& id : lane_ids) command += " -p " + std::to_string(id.load());
  (void)!std::system((command + " 2>" + path + ".err").c_str());
  std::ifstream errors(path + ".err"), summary(path);
  const std::string told((std::istreambuf_iterator<char>(errors)), {});
  traced.assign((std::istreambuf_iterator<char>(summary)), {});
  if (told.find("attached") == std::string::npos) traced = "-";
  std::remove(path.c_str());
  std::remove((path + ".err").c_str());
}

/// Both directions of connections on two queues, with words that rules match.
std::vector<QueuedFrame> traffic() {
  std::vector<QueuedFrame> frames;
  Random random(1);
  const std::array<std::string_view, 3> words{"needle", "user=admin", "abbc"};
  const StreamTaste taste{{words.begin(), words.end()}, "abcdefghijklm \n", 400, 4'096};
  for (std::uint16_t i = 0; i < 40; ++i) {
    Conversation talk;
    talk.client_port = static_cast<std::uint16_t>(40'000 + i);
    for (std::string& text : talk.streams) text = draw_stream(taste, 8'000, random);
    take_turns(talk, random);
    std::uint16_t queue = i % kWorkers;
    for (const Bytes& inner : frames_of(talk, {.least = 1, .most = 1'400, .reorder = 4}, random))
      frames.push_back({Mirror().vxlan(inner), static_cast<std::uint16_t>(queue++ % kWorkers)});
    const Bytes datagram =
        Packet().ip("10.0.0.1", "10.0.0.2").udp(talk.client_port, 53).payload("needle").bytes();
    frames.push_back({Mirror().vxlan(datagram), static_cast<std::uint16_t>(i % kWorkers)});
  }
  return frames;
}

}  // namespace

TEST_CASE("the lanes of a daemon allocate, lock, wait and call the kernel never") {
  REQUIRE(calls().loaded());
  calls().reset();
  DaemonBench bench(kWorkers);
  config::Config config = small_config(config::Profile::mirror);
  config.workers.count = kWorkers;
  config.output.stats_interval_s = 1;
  const std::string path = "/tmp/mirrorscan-quiet-" + std::to_string(getpid()) + ".ring";
  auto writer = ring::JsonRingWriter::open(path, 1 << 20);
  REQUIRE(writer.ok());
  auto file = exporter::FileSink::open(path + ".json");
  auto socket =
      exporter::SocketSink::make(path + ".socket", 65'536);  // nobody listens: it tries again and again
  REQUIRE((file.ok() && socket.ok()));
  engine::Sinks sinks;
  sinks.push_back(std::make_unique<exporter::RingSink>(path, std::move(writer).value()));
  sinks.push_back(std::move(file).value());
  sinks.push_back(std::move(socket).value());
  const auto rules = compile(
      "alert tcp any any -> any any (content:\"needle\"; sid:1;)\n"
      "alert tcp any any -> any any (pcre:\"/ab+c/\"; sid:2;)\n"
      "alert tcp any any -> any any (content:\"user=\"; content:\"admin\"; distance:0; within:20; sid:3;)\n"
      "alert udp any any -> any 53 (content:\"needle\"; sid:4;)\n");
  const std::vector<QueuedFrame> frames = traffic();
  const DaemonOutcome outcome =
      bench.run(config, rules, frames, 400'000 / frames.size(), sinks, arm_lane, trace_lanes);
  std::remove(path.c_str());
  std::remove((path + ".json").c_str());

  INFO("steered " << total_ledger(outcome.stats).steered_in.packets);
  CHECK(calls().text() == "");
  CHECK(outcome.offered > 100'000);
  CHECK(total_ledger(outcome.stats).alerts > 100);
  CHECK(balanced(outcome.stats));
  for (const auto& sink : sinks) {
    INFO(sink->stats().kind);
    CHECK(sink->stats().written_events + sink->stats().lost_events > 100);
  }
  if (traced == "-")
    std::cout << "SKIPPED: system calls of the lanes: strace is not there or may not attach\n";
  else
    CHECK(traced == "");
}
