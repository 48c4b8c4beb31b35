#include "bench_commands.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <utility>

#include "bench/inspect.h"
#include "bench/literals.h"
#include "bench/lookup.h"
#include "bench/machine.h"
#include "bench/measurement.h"
#include "bench/memory.h"
#include "bench/pipeline.h"
#include "bench/rate.h"
#include "capture/capture.h"
#include "config/reader.h"
#include "engine/eal.h"

namespace mirrorscan::app {
namespace {

/// For what DPDK allocates beside the packets' mbufs.
constexpr std::uint64_t kDpdkBytes = 128ULL << 20;

[[nodiscard]] Exit failed(const Error& error, Exit code) {
  std::fprintf(stderr, "error: %s\n", error.text().c_str());
  return code;
}

[[nodiscard]] Result<config::Config> config_of(const Common& common) {
  if (common.config_file.empty()) return config::defaults(config::Profile::mirror);
  return config::read_file(common.config_file);
}

[[nodiscard]] bench::Figures arguments_of(const Common& common) {
  bench::Figures out;
  out.words("rules", common.rules.files).text("vars", common.rules.vars_file);
  out.text("literals", common.rules.literals).count("count", common.rules.count);
  out.text("config", common.config_file).count("rounds", common.rounds).count("burst", common.burst);
  return out;
}

/// 0 is IMIX.
[[nodiscard]] Result<std::uint32_t> inner_of(const std::string& text) {
  if (text == "imix") return std::uint32_t{0};
  std::uint32_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error == std::errc{} && end == text.data() + text.size() && bytes >= 64 && bytes <= 9'000) return bytes;
  return Error{"--inner", text + " is no length of a frame", "write 64 to 9000, or imix"};
}

[[nodiscard]] Exit print(bench::Measurement& measurement) {
  std::puts(measurement.text().c_str());
  return Exit::done;
}

[[nodiscard]] Result<bench::StoredFrames> frames_of(const std::string& path) {
  auto reader = capture::Reader::open({path});
  if (!reader) return reader.error();
  bench::StoredFrames frames;
  std::array<capture::Frame, 1> frame;
  while (reader.value().read(frame) == 1) frames.add(frame[0].bytes, frame[0].time);
  if (reader.value().error()) return *reader.value().error();
  if (frames.size() == 0) return Error{path, "it has no packet", "name a capture of mirrored packets"};
  return frames;
}

}  // namespace

Exit inspect_command(const InspectArguments& arguments) {
  auto config = config_of(arguments.common);
  if (!config) return failed(config.error(), Exit::usage);
  auto frames = frames_of(arguments.capture);
  if (!frames) return failed(frames.error(), Exit::usage);
  const Common& common = arguments.common;
  Status eal =
      bench::start_eal(arguments.workers, common.mbufs * bench::MbufChunk::kBytesAnMbuf + kDpdkBytes);
  if (!eal) return failed(eal.error(), Exit::failed);
  bench::Figures given = arguments_of(common);
  given.text("capture", arguments.capture).count("mbufs", common.mbufs);
  given.count("workers", arguments.workers).text("arrival", arguments.arrival);
  bench::Measurement measurement("inspect", std::move(given));
  bench::InspectOptions options;
  options.rules = common.rules;
  options.config = config.value();
  options.rounds = common.rounds;
  options.burst = common.burst;
  options.mbufs = common.mbufs;
  options.workers = arguments.workers;
  options.arrival = arguments.arrival == "hostile" ? bench::Arrival::hostile : bench::Arrival::friendly;
  Status done = bench::inspect(frames.value(), options, measurement);
  if (!done) return failed(done.error(), Exit::failed);
  return print(measurement);
}

Exit pipeline_command(const PipelineArguments& arguments) {
  const auto inner = inner_of(arguments.inner);
  if (!inner) return failed(inner.error(), Exit::usage);
  const Common& common = arguments.common;
  auto config = config_of(common);
  if (!config) return failed(config.error(), Exit::usage);
  Status eal = bench::start_eal(1, common.mbufs * bench::MbufChunk::kBytesAnMbuf + kDpdkBytes);
  if (!eal) return failed(eal.error(), Exit::failed);
  bench::Figures given = arguments_of(common);
  given.text("inner", arguments.inner).text("transport", arguments.transport).count("flows", arguments.flows);
  given.count("packets", arguments.packets).number("new_flows", arguments.new_flows);
  given.number("packet_rate", arguments.packet_rate)
      .count("vnis", arguments.vnis)
      .truth("geneve", arguments.geneve);
  given.count("mbufs", common.mbufs);
  bench::Measurement measurement("pipeline", std::move(given));
  bench::PipelineOptions options;
  options.traffic = {
      .flows = arguments.flows,
      .transport = arguments.transport == "tcp" ? bench::Transport::tcp : bench::Transport::udp,
      .inner_bytes = inner.value(),
      .new_flows_per_s = arguments.new_flows,
      .packet_rate = arguments.packet_rate,
      .vnis = arguments.vnis,
      .encap = arguments.geneve ? packet::Encap::geneve : packet::Encap::vxlan};
  options.packets = arguments.packets;
  options.rules = common.rules;
  options.config = config.value();
  options.rounds = common.rounds;
  options.burst = common.burst;
  options.mbufs = common.mbufs;
  Status done = bench::pipeline(options, measurement);
  if (!done) return failed(done.error(), Exit::failed);
  return print(measurement);
}

Exit lookup_command(const LookupArguments& arguments) {
  const bench::LookupOptions options{arguments.flows, arguments.lookups, arguments.rounds};
  Status eal = bench::start_eal(1, bench::lookup_memory(options) + kDpdkBytes);
  if (!eal) return failed(eal.error(), Exit::failed);
  bench::Figures given;
  given.count("lookups", arguments.lookups).count("rounds", arguments.rounds);
  bench::Measurement measurement("lookup", std::move(given));
  Status done = bench::lookup(options, measurement);
  if (!done) return failed(done.error(), Exit::failed);
  return print(measurement);
}

Exit memory_command(const MemoryArguments& arguments) {
  auto config = config_of(arguments.common);
  if (!config) return failed(config.error(), Exit::usage);
  bench::MemoryOptions options;
  options.flows = arguments.flows;
  options.rules = arguments.common.rules;
  options.config = config.value();
  Status eal = bench::start_eal(1, options.mbufs * bench::MbufChunk::kBytesAnMbuf + kDpdkBytes);
  if (!eal) return failed(eal.error(), Exit::failed);
  bench::Measurement measurement("memory", arguments_of(arguments.common));
  Status done = bench::memory(options, measurement);
  if (!done) return failed(done.error(), Exit::failed);
  return print(measurement);
}

Exit rate_command(const RateArguments& arguments) {
  const Common& common = arguments.common;
  if (common.rules.none())
    return failed({"rate", "no rules are named", "give --rules or --literals: attacks are drawn from them"},
                  Exit::usage);
  auto config = config_of(common);
  if (!config) return failed(config.error(), Exit::usage);
  bench::RateOptions options;
  options.profile.seed = arguments.seed;
  options.profile.packets = arguments.packets;
  options.profile.flows.concurrent = arguments.flows;
  options.profile.mirrors.vnis = arguments.vnis;
  options.profile.attacks.share = arguments.attacks;
  options.rules = common.rules;
  options.config = config.value();
  options.from_rate = arguments.from_rate;
  options.rate = arguments.rate;
  options.resolution = arguments.resolution;
  options.queue_packets = arguments.queue_packets;
  options.burst = common.burst;
  Status eal = bench::start_eal(1, bench::rate_memory(options) + kDpdkBytes);
  if (!eal) return failed(eal.error(), Exit::failed);
  bench::Figures given = arguments_of(common);
  given.count("packets", arguments.packets).count("flows", arguments.flows).count("vnis", arguments.vnis);
  given.count("seed", arguments.seed).number("attacks", arguments.attacks);
  given.number("from_rate", arguments.from_rate).number("rate", arguments.rate);
  given.number("resolution", arguments.resolution).count("queue_packets", arguments.queue_packets);
  bench::Measurement measurement("rate", std::move(given));
  Status done = bench::rate(options, measurement);
  if (!done) return failed(done.error(), Exit::failed);
  return print(measurement);
}

Exit load_command(const Common& arguments) {
  if (arguments.rules.none())
    return failed({"load", "no rules are named", "give --rules or --literals"}, Exit::usage);
  auto config = config_of(arguments);
  if (!config) return failed(config.error(), Exit::usage);
  bench::Measurement measurement("load", arguments_of(arguments));
  const std::uint64_t before = bench::rss_bytes();
  auto rules = bench::load_rules(arguments.rules, config.value());
  if (!rules) return failed(rules.error(), Exit::usage);
  bench::add_rules(measurement.figures(), arguments.rules, rules.value());
  measurement.figures().number("cold_seconds", rules.value().load_seconds);
  measurement.figures().count("rss_growth_bytes", bench::rss_bytes() - before);
  measurement.figures().none("cached_seconds").text("cached_reason", "compiled rules are not cached yet");
  std::fprintf(stderr, "%zu of %zu rules loaded in %.2f s\n", rules.value().loaded, rules.value().rules,
               rules.value().load_seconds);
  return print(measurement);
}

Exit literals_command(const LiteralArguments& arguments) {
  auto literals = bench::read_literals(arguments.literals, arguments.count);
  if (!literals) return failed(literals.error(), Exit::usage);
  const std::string text = bench::rules_of(literals.value(), bench::RuleProtocol::as_listed);
  if (arguments.out.empty()) {
    std::fputs(text.c_str(), stdout);
    return Exit::done;
  }
  std::ofstream file(arguments.out);
  file << text;
  file.close();
  if (!file) return failed({arguments.out, "it cannot be written", "name another file"}, Exit::failed);
  return Exit::done;
}

}  // namespace mirrorscan::app
