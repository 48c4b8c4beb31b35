// The command line. The one file of this program that includes CLI11.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "bench_commands.h"

namespace {

using namespace mirrorscan::app;

CLI::Option* file_option(CLI::App& command, const char* name, std::string& value, const char* what) {
  return command.add_option(name, value, what)->type_name("FILE");
}

void add_config(CLI::App& command, Common& common) {
  file_option(command, "--config", common.config_file, "configuration, JSON with comments");
}

void add_rules(CLI::App& command, Common& common) {
  command.add_option("--rules", common.rules.files, "rule file; may be given more than once")
      ->type_name("FILE")
      ->allow_extra_args(false);
  file_option(command, "--vars", common.rules.vars_file, "address and port variables, YAML");
  CLI::Option* literals = file_option(command, "--literals", common.rules.literals,
                                      "literals instead of rules: a line `HEX i|- PROTOCOL` each");
  literals->excludes("--rules");
  command.add_option("--count", common.rules.count, "of the literals, 0 = all")->needs(literals);
}

void add_measuring(CLI::App& command, Common& common) {
  add_config(command, common);
  command.add_option("--rounds", common.rounds, "times that everything is measured")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  command.add_option("--burst", common.burst, "packets handed over at once")
      ->check(CLI::Range(1, 512))
      ->capture_default_str();
  command.add_option("--mbufs", common.mbufs, "packets made before they are timed")
      ->check(CLI::Range(1'023, 4'194'303))
      ->capture_default_str();
}

CLI::App* add_pipeline(CLI::App& app, PipelineArguments& pipeline) {
  CLI::App* command = app.add_subcommand(
      "pipeline", "Made traffic of very many flows through the worker, beside an ideal loop.");
  add_measuring(*command, pipeline.common);
  add_rules(*command, pipeline.common);
  command->add_option("--inner", pipeline.inner, "bytes of an inner frame, or imix")->capture_default_str();
  command->add_option("--transport", pipeline.transport, "tcp or udp")
      ->check(CLI::IsMember({"tcp", "udp"}))
      ->capture_default_str();
  command->add_option("--flows", pipeline.flows, "there before anything is timed")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  command->add_option("--packets", pipeline.packets, "timed in a round")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
  command->add_option("--new-flows", pipeline.new_flows, "a second of the traffic's time")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--packet-rate", pipeline.packet_rate, "packets a second of the traffic's time")
      ->check(CLI::Range(1.0, 1e9))
      ->capture_default_str();
  command->add_option("--vnis", pipeline.vnis, "mirror sessions")
      ->check(CLI::Range(1, 65'536))
      ->capture_default_str();
  command->add_flag("--geneve", pipeline.geneve, "VXLAN in GENEVE");
  return command;
}

CLI::App* add_rate(CLI::App& app, RateArguments& rate) {
  CLI::App* command = app.add_subcommand(
      "rate", "The highest rate without a loss, with every alert of the ground truth once; latency.");
  add_config(*command, rate.common);
  add_rules(*command, rate.common);
  command->add_option("--burst", rate.common.burst, "packets taken at once")->check(CLI::Range(1, 512));
  command->add_option("--packets", rate.packets, "of a trial")
      ->check(CLI::Range(1'000, 4'000'000))
      ->capture_default_str();
  command->add_option("--flows", rate.flows, "alive at once")
      ->check(CLI::Range(10, 10'000'000))
      ->capture_default_str();
  command->add_option("--vnis", rate.vnis, "mirror sessions")
      ->check(CLI::Range(1, 65'536))
      ->capture_default_str();
  command->add_option("--seed", rate.seed, "of the traffic")->capture_default_str();
  command->add_option("--attacks", rate.attacks, "share of flows that carry one")
      ->check(CLI::Range(0.0001, 1.0))
      ->capture_default_str();
  command->add_option("--from-rate", rate.from_rate, "packets a second of the first trial")
      ->check(CLI::Range(1.0, 1e9))
      ->capture_default_str();
  command->add_option("--rate", rate.rate, "one trial at this rate instead of a search")
      ->check(CLI::Range(1.0, 1e9));
  command->add_option("--resolution", rate.resolution, "how close the search comes")
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str();
  command->add_option("--queue-packets", rate.queue_packets, "that may wait for the worker")
      ->check(CLI::Range(32, 1'048'576))
      ->capture_default_str();
  return command;
}

CLI::App* add_inspect(CLI::App& app, InspectArguments& inspect) {
  CLI::App* command =
      app.add_subcommand("inspect", "A capture through the worker, beside the scan alone and an ideal loop.");
  add_measuring(*command, inspect.common);
  add_rules(*command, inspect.common);
  file_option(*command, "--capture", inspect.capture, "mirrored packets, pcap or pcapng")->required();
  command->add_option("--workers", inspect.workers, "that share the packets")
      ->check(CLI::Range(1, 16))
      ->capture_default_str();
  command->add_option("--arrival", inspect.arrival, "with several workers: friendly or hostile")
      ->check(CLI::IsMember({"friendly", "hostile"}))
      ->capture_default_str();
  return command;
}

CLI::App* add_lookup(CLI::App& app, LookupArguments& lookup) {
  CLI::App* command = app.add_subcommand("lookup", "The flow table beside DPDK's rte_hash.");
  command->add_option("--flows", lookup.flows, "numbers of flows, with commas")
      ->delimiter(',')
      ->check(CLI::Range(1, 100'000'000));
  command->add_option("--lookups", lookup.lookups, "timed, of each kind and number of flows")
      ->check(CLI::Range(1'024, 100'000'000))
      ->capture_default_str();
  command->add_option("--rounds", lookup.rounds, "times that everything is measured")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  return command;
}

CLI::App* add_memory(CLI::App& app, MemoryArguments& memory) {
  CLI::App* command = app.add_subcommand("memory", "What live flows take.");
  add_config(*command, memory.common);
  add_rules(*command, memory.common);
  command->add_option("--flows", memory.flows, "live TCP flows")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  return command;
}

CLI::App* add_load(CLI::App& app, Common& load) {
  CLI::App* command = app.add_subcommand("load", "What loading rules takes.");
  add_config(*command, load);
  add_rules(*command, load);
  return command;
}

CLI::App* add_literals(CLI::App& app, LiteralArguments& literals) {
  CLI::App* command = app.add_subcommand("literals-to-rules", "Literals as a rule file, for other programs.");
  file_option(*command, "--literals", literals.literals, "a line `HEX i|- PROTOCOL` each")->required();
  command->add_option("--count", literals.count, "of them, 0 = all");
  file_option(*command, "--out", literals.out, "standard output by default");
  return command;
}

int run(int argc, char** argv) {
  CLI::App app{"Measures what the inspector costs, in one process.", "mirrorscan-bench"};
  app.set_version_flag("--version", std::string("mirrorscan-bench ") + MIRRORSCAN_VERSION);
  app.require_subcommand(1);
  InspectArguments inspect;
  PipelineArguments pipeline;
  LookupArguments lookup;
  MemoryArguments memory;
  RateArguments rate;
  Common load;
  LiteralArguments literals;
  Exit exit = Exit::done;
  add_inspect(app, inspect)->callback([&] { exit = inspect_command(inspect); });
  add_pipeline(app, pipeline)->callback([&] { exit = pipeline_command(pipeline); });
  add_lookup(app, lookup)->callback([&] { exit = lookup_command(lookup); });
  add_memory(app, memory)->callback([&] { exit = memory_command(memory); });
  add_rate(app, rate)->callback([&] { exit = rate_command(rate); });
  add_load(app, load)->callback([&] { exit = load_command(load); });
  add_literals(app, literals)->callback([&] { exit = literals_command(literals); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  }
  return static_cast<int>(exit);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return static_cast<int>(Exit::failed);
  }
}
