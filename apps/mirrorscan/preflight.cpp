#include "preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace mirrorscan::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMemoryOfEngineMb = 64;  ///< datagrams' buffers, devices' queues, EAL itself

struct Named {
  std::string setting, path;
};

/// Both may be missing yet, and one of them a link to the other.
[[nodiscard]] bool same_file(const std::string& one, const std::string& other) {
  std::error_code none;
  if (fs::equivalent(one, other, none)) return true;
  std::error_code failed;
  const fs::path first = fs::weakly_canonical(fs::absolute(one, failed), failed);
  const fs::path second = fs::weakly_canonical(fs::absolute(other, failed), failed);
  return !failed && first == second;
}

[[nodiscard]] std::vector<Named> inputs_of(const config::Config& config, const std::string& config_file) {
  std::vector<Named> out{{"the configuration", config_file},
                         {"rules.vars_file", config.vars_file},
                         {"rules.threshold_file", config.threshold_file}};
  for (std::size_t i = 0; i < config.rule_files.size(); ++i)
    out.push_back({fmt::format("rules.files[{}]", i), config.rule_files[i]});
  return out;
}

[[nodiscard]] Status check_outputs(const config::Output& output) {
  if (!output.ring.path.empty() || !output.file.path.empty() || !output.socket.path.empty()) return success();
  return Error{"output", "events would go nowhere",
               "set output.ring.path, output.file.path or output.socket.path"};
}

}  // namespace

port::Needs needs_of(const config::Workers& workers) {
  return {workers.count, workers.burst, workers.inbox_packets};
}

engine::EalOptions eal_options(const config::Config& config) {
  const port::Needs needs = needs_of(config.workers);
  engine::EalOptions options;
  options.lcores = config.workers.count + 1;
  options.memory_mb = config.dpdk.memory_mb > 0 ? config.dpdk.memory_mb
                                                : port::memory_mb(config.ports, needs) + kMemoryOfEngineMb;
  options.hugepages = config.dpdk.hugepages;
  options.main_cpus = engine::control_cpus(config);
  options.worker_cpus = config.workers.cpus;
  options.more = port::eal_arguments(config.ports);
  options.more.insert(options.more.end(), config.dpdk.arguments.begin(), config.dpdk.arguments.end());
  return options;
}

Status check_paths(const config::Config& config, const std::string& config_file) {
  std::vector<Named> taken = inputs_of(config, config_file);
  for (const Named& output : {Named{"output.ring.path", config.output.ring.path},
                              Named{"output.file.path", config.output.file.path},
                              Named{"output.socket.path", config.output.socket.path}}) {
    if (output.path.empty()) continue;
    for (const Named& other : taken)
      if (!other.path.empty() && same_file(output.path, other.path))
        return Error{output.setting, fmt::format("{} is also {}", output.path, other.setting),
                     "name another file"};
    taken.push_back(output);
  }
  return success();
}

std::vector<Error> faults(const config::Config& config, const std::string& config_file) {
  std::vector<Error> out;
  if (config.ports.empty())
    out.push_back({"ports", "there is no port to receive from",
                   "name one, such as \"ports\": [{\"device\": \"0000:00:06.0\"}]"});
  const auto add = [&out](const Status& status) {
    if (!status) out.push_back(status.error());
  };
  for (Error& fault : port::faults(config.ports)) out.push_back(std::move(fault));
  add(engine::check_arguments(config.dpdk.arguments));
  add(engine::check_cpus(eal_options(config)));
  add(check_paths(config, config_file));
  add(check_outputs(config.output));
  std::stable_sort(out.begin(), out.end(), [](const Error& a, const Error& b) { return a.until < b.until; });
  return out;
}

}  // namespace mirrorscan::app
