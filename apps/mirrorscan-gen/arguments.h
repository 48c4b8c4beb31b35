#pragma once
// What the command line asked for, first as words and then as a profile.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sender/inspector_output.h"
#include "sender/sender.h"
#include "traffic/profile.h"

namespace mirrorscan::gen {

/// Options whose values have a form of their own.
struct Words {
  std::string mix;
  std::string sizes = "natural";
  std::string encap = "vxlan";
  std::string wait = "spin";
  std::string arrival = "flow";
};

struct Arguments {
  traffic::Profile profile;
  std::vector<std::string> rule_files;
  std::string vars_file;
  std::string truth;  ///< "" = none

  // Where to; one of the four.
  std::string pcap, port, inspect;
  bool measure = false;

  sender::SendOptions send;
  sender::Wait wait = sender::Wait::spin;
  std::optional<std::uint32_t> cpu;
  sender::QueuePlan queues;
  bool fail_below_rate = false;
  bool quiet = false;
  std::string json;  ///< "" = none, "-" = standard output
};

/// Puts the words into the arguments. Errors: a word that is none; Error::where is the option.
[[nodiscard]] Status read_words(const Words& words, Arguments& arguments);

/// What is wrong with the arguments as a whole. Error::where is an option.
[[nodiscard]] Status check(const Arguments& arguments);

}  // namespace mirrorscan::gen
