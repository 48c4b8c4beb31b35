#pragma once
// The commands behind the command line: traffic to a file or a port, and traffic through the inspector.

#include "arguments.h"
#include "made_traffic.h"
#include "mirrorscan/commands.h"
#include "sender/report.h"
#include "sender/sender.h"

namespace mirrorscan::gen {

/// Whatever the arguments ask for.
[[nodiscard]] app::Exit generate(const Arguments& arguments);
/// --inspect.
[[nodiscard]] app::Exit generate_and_inspect(const Arguments& arguments);

/// The rules of the options --rules and --vars.
[[nodiscard]] Result<std::shared_ptr<const ruleset::Ruleset>> rules_of(const Arguments& arguments);
/// Memory for buffers that are needed before anything is sent.
[[nodiscard]] Status check_buffers(const Arguments& arguments, std::uint32_t memory_mb);

/// The end of each run: the truth, the summary as text and as JSON. `code`: what else made it fail, or done.
[[nodiscard]] app::Exit conclude(const Arguments& arguments, const sender::Sender& sender,
                                 const sender::Output& output, const MadeTraffic& made,
                                 sender::Report further, app::Exit code);

}  // namespace mirrorscan::gen
