#include "generate.h"

#include <utility>

#include "engine/eal.h"
#include "engine/log.h"
#include "engine/signals.h"
#include "progress_line.h"
#include "sender/flight.h"
#include "sender/pcap_output.h"
#include "sender/port_output.h"
#include "sender/scratch_output.h"

namespace mirrorscan::gen {
namespace {

using app::Exit;

constexpr unsigned kTickMs = 20;
constexpr std::uint32_t kBuffersOfPort =
    16'383;  ///< rings and caches of any driver, and some to make packets in
constexpr std::uint32_t kMemoryOfEalMb = 64;

/// Until the traffic's end or a signal.
[[nodiscard]] Exit send(const Arguments& arguments, MadeTraffic& made, sender::Output& output,
                        sender::Eal eal) {
  sender::CounterPacer pacer(sender::TickRate::measured(), arguments.wait);
  sender::Sender sender(made.plans(), output, pacer, arguments.send);
  ProgressLine progress(arguments, sender, made);
  sender::Flight flight(
      sender, {.eal = eal, .cpu = arguments.cpu, .is_drained = {}, .each_second = [&](double seconds) {
                 progress.each_second(seconds);
               }});
  flight.began();
  while (!flight.is_done() && engine::wait_for_signal(kTickMs) != engine::Signal::stop) {
  }
  flight.end();
  progress.end();
  Exit code = Exit::done;
  if (Status finished = output.finish(); !finished) code = app::failed(finished.error(), Exit::failed);
  return conclude(arguments, sender, output, made, {}, code);
}

[[nodiscard]] Exit send_to_file(const Arguments& arguments, MadeTraffic& made) {
  auto output = sender::PcapOutput::open(arguments.pcap, arguments.profile);
  if (!output) return app::failed(output.error(), Exit::usage);
  return send(arguments, made, *output.value(), sender::Eal::none);
}

[[nodiscard]] Exit send_nowhere(const Arguments& arguments, MadeTraffic& made) {
  sender::ScratchOutput output(arguments.profile);
  return send(arguments, made, output, sender::Eal::none);
}

[[nodiscard]] Exit send_to_port(const Arguments& arguments, MadeTraffic& made) {
  sender::BufferPlan buffers{.packets = kBuffersOfPort, .bytes = sender::buffer_bytes(arguments.profile)};
  if (arguments.send.preload == sender::Preload::all)
    buffers.packets += static_cast<std::uint32_t>(arguments.profile.packets);
  engine::EalOptions eal;
  eal.lcores = 1;
  eal.memory_mb = kMemoryOfEalMb + buffers.memory_mb();
  eal.more = sender::eal_arguments(arguments.port);
  if (Status enough = check_buffers(arguments, eal.memory_mb); !enough)
    return app::failed(enough.error(), Exit::usage);
  if (Status started = engine::start_eal(eal); !started) return app::failed(started.error(), Exit::failed);
  Exit code = Exit::failed;
  if (auto output = sender::PortOutput::open(arguments.port, arguments.profile, buffers); output)
    code = send(arguments, made, *output.value(), sender::Eal::started);
  else
    code = app::failed(output.error(), Exit::failed);
  engine::stop_eal();
  return code;
}

}  // namespace

Result<std::shared_ptr<const ruleset::Ruleset>> rules_of(const Arguments& arguments) {
  if (arguments.rule_files.empty()) return std::shared_ptr<const ruleset::Ruleset>();
  auto prepared = app::prepare({arguments.rule_files, arguments.vars_file, ""}, config::Profile::reference);
  if (!prepared) return prepared.error();
  return std::shared_ptr<const ruleset::Ruleset>(std::move(prepared.value().loaded.ruleset));
}

Status check_buffers(const Arguments& arguments, std::uint32_t memory_mb) {
  engine::EalOptions wanted;
  wanted.memory_mb = memory_mb;
  if (Status enough = engine::check_memory(wanted); !enough)
    return Error{arguments.send.preload == sender::Preload::all ? "--preload" : "memory", enough.error().what,
                 "give fewer --packets or shorter frames, or leave out --preload"};
  return success();
}

Exit generate(const Arguments& arguments) {
  engine::block_signals();
  if (!arguments.inspect.empty()) return generate_and_inspect(arguments);
  auto rules = rules_of(arguments);
  if (!rules) return app::failed(rules.error(), Exit::usage);
  auto made = MadeTraffic::make(arguments, rules.value());
  if (!made) return app::failed(made.error(), Exit::usage);
  if (arguments.measure) return send_nowhere(arguments, *made.value());
  return arguments.pcap.empty() ? send_to_port(arguments, *made.value())
                                : send_to_file(arguments, *made.value());
}

}  // namespace mirrorscan::gen
