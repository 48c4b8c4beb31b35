// What is told at the end.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "generate.h"
#include "sender/summary.h"

namespace mirrorscan::gen {
namespace {

using app::Exit;

[[nodiscard]] Status write_json(const std::string& path, const std::string& text) {
  std::FILE* file = path == "-" ? stdout : std::fopen(path.c_str(), "we");
  bool good = file != nullptr && std::fputs(text.c_str(), file) >= 0;
  if (file == stdout)
    good = std::fflush(file) == 0 && good;
  else if (file != nullptr)
    good = std::fclose(file) == 0 && good;
  if (good) return success();
  return Error{"--json " + path, fmt::format("it cannot be written: {}", std::strerror(errno)), ""};
}

}  // namespace

Exit conclude(const Arguments& arguments, const sender::Sender& sender, const sender::Output& output,
              const MadeTraffic& made, sender::Report further, Exit code) {
  sender::Report report;
  made.add_to(report);
  sender::add_outcome(report, sender.outcome(), output);
  for (sender::Section& section : further.sections) report.sections.push_back(std::move(section));
  for (std::string& warning : further.warnings) report.warnings.push_back(std::move(warning));
  if (!arguments.quiet && arguments.json != "-")
    std::fputs(sender::text_of(report).c_str(), arguments.pcap == "-" ? stderr : stdout);
  if (!arguments.json.empty())
    if (Status written = write_json(arguments.json, sender::json_of(report)); !written)
      code = app::failed(written.error(), Exit::failed);
  if (Status written = made.write_truth(); !written) code = app::failed(written.error(), Exit::failed);
  if (arguments.fail_below_rate && sender.outcome().rate_not_reached())
    code =
        app::failed({"--strict-rate", "the rate was not reached", "give less, or --preload"}, Exit::failed);
  return code;
}

}  // namespace mirrorscan::gen
