#include "arguments.h"

#include <fmt/format.h>
#include <sched.h>

#include <bit>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace mirrorscan::gen {
namespace {

using traffic::SizeLaw;

template <class Number>
[[nodiscard]] std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

[[nodiscard]] std::optional<std::size_t> kind_named(std::string_view name) {
  for (std::size_t kind = 0; kind < traffic::kKinds; ++kind)
    if (traffic::name_of(static_cast<traffic::Kind>(kind)) == name) return kind;
  return std::nullopt;
}

/// "http=40,dns=20": kinds that are not named have no share.
[[nodiscard]] Status read_mix(std::string_view text, traffic::Flows& flows) {
  if (text.empty()) return success();
  flows.mix = {};
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    const auto kind = kind_named(part.substr(0, equals));
    const auto weight =
        equals == std::string_view::npos ? std::nullopt : number_of<double>(part.substr(equals + 1));
    if (!kind || !weight || !(*weight >= 0))
      return Error{"--mix", fmt::format("\"{}\" is no kind with its weight", part),
                   "write such as http=40,tls=25,tcp=10,dns=20,udp=5"};
    flows.mix[*kind] = *weight;
  }
  return success();
}

[[nodiscard]] Status read_sizes(const std::string& text, traffic::Flows& flows) {
  const std::size_t colon = text.find(':');
  const std::string law = text.substr(0, colon);
  const std::string of = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (text == "natural") return flows.sizes = SizeLaw::natural, success();
  if (text == "imix") return flows.sizes = SizeLaw::imix, success();
  if (law == "capture" && !of.empty()) {
    flows.sizes = SizeLaw::capture;
    flows.sizes_capture = of;
    return success();
  }
  if (const auto bytes = number_of<std::uint32_t>(of); law == "fixed" && bytes) {
    flows.sizes = SizeLaw::fixed;
    flows.frame_bytes = *bytes;
    return success();
  }
  return Error{"--sizes", fmt::format("\"{}\" is none", text),
               "write natural, imix, fixed:BYTES or capture:FILE"};
}

[[nodiscard]] Status read_encap(const std::string& text, traffic::Mirrors& mirrors) {
  mirrors.encapsulated = text != "none";
  if (text == "none" || text == "vxlan") return mirrors.encap = packet::Encap::vxlan, success();
  if (text == "geneve") return mirrors.encap = packet::Encap::geneve, success();
  return Error{"--encap", fmt::format("\"{}\" is none", text), "write vxlan, geneve or none"};
}

[[nodiscard]] Status check_receiver(const Arguments& arguments) {
  const int receivers = !arguments.pcap.empty() + !arguments.port.empty() + !arguments.inspect.empty() +
                        (arguments.measure ? 1 : 0);
  if (receivers != 1)
    return Error{"", "packets need one place to go to",
                 "give one of --pcap FILE, --port DEVARGS, --inspect CONFIG, --measure"};
  if (!arguments.inspect.empty() && !arguments.profile.mirrors.encapsulated)
    return Error{"--encap", "the inspector refuses packets that are not mirrored", "write vxlan or geneve"};
  return success();
}

/// A file that would grow until the disk is full, buffers for packets without end.
[[nodiscard]] Status check_end(const Arguments& arguments) {
  const traffic::Profile& profile = arguments.profile;
  const bool ends = profile.packets > 0 || profile.seconds > 0 || !profile.replayed.capture.empty();
  const bool needs_end = !arguments.pcap.empty() || arguments.measure;
  if (needs_end && !ends)
    return Error{arguments.measure ? "--measure" : "--pcap", "the traffic has no end",
                 "give --packets or --seconds"};
  constexpr std::uint64_t kMostPreloaded = 1'000'000'000;
  if (arguments.send.preload == sender::Preload::all &&
      (profile.packets == 0 || profile.packets > kMostPreloaded))
    return Error{"--preload", "it has to be said how many packets, 1,000,000,000 at most", "give --packets"};
  if (arguments.send.preload == sender::Preload::all && needs_end)
    return Error{"--preload", "packets that go to no port and no inspector leave by no clock",
                 "leave it out"};
  return success();
}

[[nodiscard]] Status check_attacks(const Arguments& arguments) {
  const bool attacks = arguments.profile.attacks.share > 0;
  if (attacks && arguments.rule_files.empty() && arguments.inspect.empty())
    return Error{"--attacks", "there are no rules to draw them from", "give --rules FILE"};
  if (attacks && !arguments.profile.replayed.capture.empty())
    return Error{"--attacks", "the flows of a capture say what they said",
                 "leave out --from-capture, or this"};
  if (!arguments.truth.empty() && !attacks)
    return Error{"--truth", "there are no attacks", "give --attacks SHARE and --rules FILE"};
  if (!attacks && !arguments.rule_files.empty())
    return Error{"--rules", "no flow is to carry an attack", "give --attacks SHARE"};
  return success();
}

[[nodiscard]] Status check_numbers(const Arguments& arguments) {
  if (arguments.send.burst < 1 || arguments.send.burst > sender::SendOptions::kMostBurst)
    return Error{"--burst", "it is out of range",
                 fmt::format("give 1 to {}", sender::SendOptions::kMostBurst)};
  if (!std::has_single_bit(arguments.queues.packets) || arguments.queues.packets > (1U << 20))
    return Error{"--queue-packets", "it is no power of two up to 1,048,576", "give such as 4096"};
  return success();
}

[[nodiscard]] Status check_cpu(const Arguments& arguments) {
  cpu_set_t ours;
  if (!arguments.cpu || sched_getaffinity(0, sizeof ours, &ours) != 0) return success();
  if (*arguments.cpu < CPU_SETSIZE && CPU_ISSET(*arguments.cpu, &ours)) return success();
  return Error{"--cpu", fmt::format("this process may not use CPU {}", *arguments.cpu),
               "give one that nproc counts and taskset allows, from 0 on"};
}

/// The option that a field of the profile comes from.
[[nodiscard]] std::string option_of(const std::string& field) {
  constexpr std::pair<std::string_view, std::string_view> kOptions[] = {
      {"flows", "--flows"},
      {"per_second", "--flow-rate"},
      {"lifetime_s", "--flow-lifetime"},
      {"mix", "--mix"},
      {"ipv6_share", "--ipv6"},
      {"frame_bytes", "--sizes"},
      {"sizes_capture", "--sizes"},
      {"mss", "--mss"},
      {"data_packets", "--data-packets"},
      {"vnis", "--vnis"},
      {"sources_per_vni", "--sources"},
      {"truncate_bytes", "--truncate"},
      {"loss", "--loss"},
      {"reorder", "--reorder"},
      {"reorder_distance", "--reorder-distance"},
      {"duplicate", "--duplicate"},
      {"double_mirrored", "--double-mirror"},
      {"one_sided", "--one-sided"},
      {"attacks.share", "--attacks"},
      {"attacks.occurrences", "--occurrences"},
      {"attacks.most_segments", "--segments"},
      {"seconds", "--seconds"},
      {"packet_rate", "--rate"},
      {"start_us", "--start"},
  };
  for (const auto& [name, option] : kOptions)
    if (name == field) return std::string(option);
  return field;
}

[[nodiscard]] Status check_profile(const Arguments& arguments) {
  const Status good = traffic::check(arguments.profile);
  if (good) return good;
  Error error = good.error();
  error.where = option_of(error.where);
  return error;
}

/// The capture must not be written over what is read, and no two outputs may be one file.
[[nodiscard]] Status check_files(const Arguments& arguments) {
  const traffic::Profile& profile = arguments.profile;
  std::vector<std::pair<std::string, std::string>> files{{"--from-capture", profile.replayed.capture},
                                                         {"--sizes", profile.flows.sizes_capture},
                                                         {"--payload-from", profile.flows.payload_capture},
                                                         {"--vars", arguments.vars_file},
                                                         {"--inspect", arguments.inspect}};
  for (const std::string& rules : arguments.rule_files) files.emplace_back("--rules", rules);
  for (const auto& [option, path] : {std::pair<std::string, std::string>{"--pcap", arguments.pcap},
                                     {"--truth", arguments.truth},
                                     {"--json", arguments.json}}) {
    if (path.empty()) continue;
    for (const auto& [other, taken] : files) {
      std::error_code none;
      if (path == taken || std::filesystem::equivalent(path, taken, none))
        return Error{option, fmt::format("{} is also {}", path, other), "name another file"};
    }
    files.emplace_back(option, path);
  }
  return success();
}

}  // namespace

Status read_words(const Words& words, Arguments& arguments) {
  traffic::Profile& profile = arguments.profile;
  if (Status mix = read_mix(words.mix, profile.flows); !mix) return mix;
  if (Status sizes = read_sizes(words.sizes, profile.flows); !sizes) return sizes;
  if (Status encap = read_encap(words.encap, profile.mirrors); !encap) return encap;
  arguments.wait = words.wait == "sleep" ? sender::Wait::sleep : sender::Wait::spin;
  arguments.queues.arrival =
      words.arrival == "direction" ? sender::Arrival::by_direction : sender::Arrival::by_flow;
  return success();
}

Status check(const Arguments& arguments) {
  for (const auto& part :
       {check_receiver, check_end, check_attacks, check_numbers, check_cpu, check_files, check_profile})
    if (Status good = part(arguments); !good) return good;
  return success();
}

}  // namespace mirrorscan::gen
