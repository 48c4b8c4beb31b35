// The command line. The one file here that includes CLI11: it takes half a minute to compile.

#include <CLI/CLI.hpp>
#include <string>

#include "arguments.h"
#include "engine/log.h"
#include "generate.h"

namespace {

using mirrorscan::app::Exit;
using mirrorscan::gen::Arguments;
using mirrorscan::gen::Words;
using mirrorscan::traffic::Profile;

/// What the options set that is no value of its own place.
struct Flags {
  bool quiet = false, verbose = false;
  bool fast = false, preload = false;
};

CLI::Option* file(CLI::App& app, const char* name, std::string& path, const char* what) {
  return app.add_option(name, path, what)->type_name("FILE")->check([](const std::string& given) {
    return std::string(given.empty() ? "an empty name; write a path" : "");
  });
}

void add_amount(CLI::App& app, Profile& profile, Flags& flags) {
  constexpr const char* kGroup = "How much";
  app.add_option("--seed", profile.seed, "the same seed and options give the same packets")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--packets", profile.packets, "end after so many packets")->type_name("N")->group(kGroup);
  app.add_option("--seconds", profile.seconds, "end after so many seconds of the traffic's own time")
      ->type_name("S")
      ->group(kGroup);
  auto* rate = app.add_option("--rate", profile.packet_rate,
                              "packets a second; without it the flows' lifetimes decide")
                   ->type_name("PPS")
                   ->group(kGroup);
  app.add_flag("--fast", flags.fast, "do not look at the time: send as fast as possible")
      ->excludes(rate)
      ->group(kGroup);
  app.add_option("--start", profile.start_us,
                 "time of the first packet in a capture, microseconds since 1970")
      ->type_name("US")
      ->capture_default_str()
      ->group(kGroup);
}

void add_flows(CLI::App& app, Profile& profile, Words& words) {
  constexpr const char* kGroup = "Flows";
  auto& flows = profile.flows;
  app.add_option("--flows", flows.concurrent, "flows alive at once, 10 to 10000000")
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--flow-rate", flows.per_second, "new flows a second")->type_name("N")->group(kGroup);
  app.add_option("--flow-lifetime", flows.lifetime_s, "mean, seconds; 0 = what --flows and --flow-rate make")
      ->type_name("S")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--mix", words.mix,
                 "weights of http, tls, tcp, dns, udp (http=40,tls=25,tcp=10,dns=20,udp=5)")
      ->type_name("KIND=N,...")
      ->group(kGroup);
  app.add_option("--ipv6", flows.ipv6_share, "share of flows over IPv6, 0 to 1")
      ->type_name("SHARE")
      ->group(kGroup);
  app.add_option("--sizes", words.sizes, "natural, imix, fixed:BYTES, capture:FILE")
      ->type_name("LAW")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--mss", flows.mss, "payload bytes of a segment at most")
      ->type_name("BYTES")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--data-packets", flows.data_packets, "data packets of a flow; 0 = one exchange")
      ->type_name("N")
      ->group(kGroup);
  file(app, "--payload-from", flows.payload_capture, "take the payloads of tcp and udp from a capture")
      ->group(kGroup);
}

void add_mirrors(CLI::App& app, Profile& profile, Words& words) {
  constexpr const char* kGroup = "Mirror sessions";
  auto& mirrors = profile.mirrors;
  app.add_option("--vni", mirrors.first_vni, "the first VNI")
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--vnis", mirrors.vnis, "how many, one after the other")
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--sources", mirrors.sources_per_vni, "mirror sources of each VNI")
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--encap", words.encap, "vxlan, geneve or none")
      ->type_name("KIND")
      ->capture_default_str()
      ->group(kGroup);
}

void add_faults(CLI::App& app, Profile& profile) {
  constexpr const char* kGroup = "Faults (shares from 0 to 1)";
  auto& faults = profile.faults;
  app.add_option("--truncate", faults.truncate_bytes, "cut inner frames to so many bytes")
      ->type_name("BYTES")
      ->group(kGroup);
  app.add_option("--loss", faults.loss, "packets that never come")->type_name("SHARE")->group(kGroup);
  app.add_option("--reorder", faults.reorder, "packets that come later than they should")
      ->type_name("SHARE")
      ->group(kGroup);
  app.add_option("--reorder-distance", faults.reorder_distance, "by so many packets at most")
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--duplicate", faults.duplicate, "packets that their source sends twice")
      ->type_name("SHARE")
      ->group(kGroup);
  app.add_option("--double-mirror", faults.double_mirrored, "flows that two sources of a VNI mirror")
      ->type_name("SHARE")
      ->group(kGroup);
  app.add_option("--one-sided", faults.one_sided, "flows of which one direction is never seen")
      ->type_name("SHARE")
      ->group(kGroup);
}

void add_attacks(CLI::App& app, Arguments& arguments) {
  constexpr const char* kGroup = "Attacks";
  auto& attacks = arguments.profile.attacks;
  app.add_option("--attacks", attacks.share, "share of flows that carry one, 0 to 1")
      ->type_name("SHARE")
      ->group(kGroup);
  app.add_option("--rules", arguments.rule_files, "rule file that they are drawn from; may be given again")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(kGroup);
  file(app, "--vars", arguments.vars_file, "address and port variables of the rules, YAML")->group(kGroup);
  app.add_option("--occurrences", attacks.occurrences, "how often in its flow")
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--segments", attacks.most_segments, "segments that one is cut into at most")
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  file(app, "--truth", arguments.truth, "write which alerts the packets have to raise")->group(kGroup);
}

void add_capture(CLI::App& app, Profile& profile) {
  constexpr const char* kGroup = "A capture in place of made flows";
  auto& replayed = profile.replayed;
  auto* from =
      file(app, "--from-capture", replayed.capture, "send its flows, copied to new addresses")->group(kGroup);
  app.add_option("--until-packets", replayed.until_packets, "copies until there are so many packets")
      ->type_name("N")
      ->needs(from)
      ->group(kGroup);
  app.add_option("--until-flows", replayed.until_flows, "copies until there are so many flows")
      ->type_name("N")
      ->needs(from)
      ->group(kGroup);
}

void add_receiver(CLI::App& app, Arguments& arguments, Words& words, Flags& flags) {
  constexpr const char* kGroup = "Where to (one of the first four)";
  file(app, "--pcap", arguments.pcap, "a capture file; - is standard output")->group(kGroup);
  app.add_option("--port", arguments.port, "a DPDK port, such as net_af_packet0,iface=eth1")
      ->type_name("DEVARGS")
      ->group(kGroup);
  file(app, "--inspect", arguments.inspect, "the inspector of this configuration, in this process")
      ->group(kGroup);
  app.add_flag("--measure", arguments.measure, "nowhere: tell what making the packets costs")->group(kGroup);
  app.add_flag("--preload", flags.preload, "make all packets before the first is sent")->group(kGroup);
  app.add_option("--burst", arguments.send.burst, "packets handed over at once at most")
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--wait", words.wait, "spin or sleep until a packet is due")
      ->check(CLI::IsMember({"spin", "sleep"}))
      ->type_name("HOW")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--cpu", arguments.cpu, "the CPU that makes the packets")->type_name("N")->group(kGroup);
  app.add_option("--queue-packets", arguments.queues.packets,
                 "--inspect: packets that may wait for each worker, a power of two")
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--arrival", words.arrival,
                 "--inspect: a flow's directions come to one worker (flow) or two (direction)")
      ->check(CLI::IsMember({"flow", "direction"}))
      ->type_name("HOW")
      ->capture_default_str()
      ->group(kGroup);
}

/// No number here is below 0, and CLI11 would take -5 for an unsigned one near its largest.
void refuse_minus(CLI::App& app) {
  for (CLI::Option* option : app.get_options())
    option->check([](const std::string& given) {
      const bool below =
          given.size() > 1 && given[0] == '-' && (given[1] == '.' || (given[1] >= '0' && given[1] <= '9'));
      return std::string(below ? given + " is below 0; write a number from 0 on" : "");
    });
}

/// One line, as all errors.
std::string mistake(const CLI::App*, const CLI::Error& error) {
  return std::string("error: ") + error.what() + "; see --help\n";
}

Exit run(int argc, char** argv) {
  CLI::App app{"Makes mirrored traffic by seed, and sends it.", "mirrorscan-gen"};
  app.set_version_flag("--version", std::string("mirrorscan-gen ") + MIRRORSCAN_VERSION);
  app.failure_message(mistake);
  app.set_config("--profile", "", "read options from a file, such as seed=7")->type_name("FILE");
  app.allow_config_extras(false);
  Arguments arguments;
  Words words;
  Flags flags;
  add_amount(app, arguments.profile, flags);
  add_flows(app, arguments.profile, words);
  add_mirrors(app, arguments.profile, words);
  add_faults(app, arguments.profile);
  add_attacks(app, arguments);
  add_capture(app, arguments.profile);
  add_receiver(app, arguments, words, flags);
  file(app, "--json", arguments.json,
       "the summary as one JSON object; - is standard output, and no text then");
  app.add_flag("--strict-rate", arguments.fail_below_rate, "exit 1 when the rate was not reached");
  app.add_flag("-q,--quiet", flags.quiet, "only errors, and no summary as text");
  app.add_flag("-v,--verbose", flags.verbose, "more messages");
  refuse_minus(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? Exit::done : Exit::usage;
  }
  const bool by_clock = !flags.fast && arguments.pcap.empty() && !arguments.measure;
  arguments.send.pace =
      by_clock ? mirrorscan::sender::Pace::nominal : mirrorscan::sender::Pace::as_fast_as_possible;
  arguments.send.preload = flags.preload ? mirrorscan::sender::Preload::all : mirrorscan::sender::Preload::no;
  arguments.quiet = flags.quiet;
  using mirrorscan::engine::Verbosity;
  mirrorscan::engine::set_verbosity(flags.quiet     ? Verbosity::quiet
                                    : flags.verbose ? Verbosity::verbose
                                                    : Verbosity::normal);
  if (mirrorscan::Status read = read_words(words, arguments); !read)
    return mirrorscan::app::failed(read.error(), Exit::usage);
  if (mirrorscan::Status good = check(arguments); !good)
    return mirrorscan::app::failed(good.error(), Exit::usage);
  return mirrorscan::gen::generate(arguments);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return static_cast<int>(run(argc, argv));
  } catch (const std::exception& error) {
    mirrorscan::engine::log_error(error.what());
    return static_cast<int>(Exit::failed);
  }
}
