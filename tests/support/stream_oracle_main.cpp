// The oracle as a program: streams on standard input, alerts on standard output.
//
//     stream-oracle RULES VARS            a line "src sport dst dport to_server|to_client HEX" for each
//     stream;
//                                         answers "sid src sport dst dport window" for each alert
//     stream-oracle --sids RULES VARS     the sids that it can speak about, one a line

#include <arpa/inet.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "alert/subject.h"
#include "rules/load.h"
#include "support/stream_oracle.h"

using namespace mirrorscan;

namespace {

struct Stream {
  std::string ends;
  alert::Subject subject;
  std::string bytes;
};

bool read_address(const std::string& text, alert::Subject& s, IpAddress& out) {
  const bool v6 = text.find(':') != std::string::npos;
  s.version = v6 ? IpVersion::v6 : IpVersion::v4;
  return inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), out.bytes.data()) == 1;
}

bool read_stream(const std::string& line, Stream& out) {
  std::istringstream words(line);
  std::string src, dst, direction, hex;
  alert::Subject& s = out.subject;
  if (!(words >> src >> s.src_port >> dst >> s.dst_port >> direction)) return false;
  words >> hex;
  if (!read_address(src, s, s.src) || !read_address(dst, s, s.dst)) return false;
  s.protocol = 6;
  s.established = true;
  s.direction = direction == "to_server" ? Direction::to_server : Direction::to_client;
  out.ends = src + " " + std::to_string(s.src_port) + " " + dst + " " + std::to_string(s.dst_port);
  out.bytes.clear();
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out.bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return true;
}

Result<rules::Loaded> load(const char* file, const char* variables_file) {
  std::ifstream in(variables_file);
  std::stringstream text;
  text << in.rdbuf();
  const auto variables = rules::parse_variables(variables_file, text.str());
  if (!variables) return variables.error();
  const std::string files[] = {file};
  return rules::load(files, variables.value(), {});
}

void answer(const ruleset::Ruleset& rules, support::StreamOracle& oracle, const Stream& stream) {
  for (signature::RuleIndex i = 0; i < rules.rules.size(); ++i) {
    if (!oracle.understands(i) || !alert::applies(rules.rules[i], stream.subject, alert::Matched::stream))
      continue;
    for (const std::uint64_t window : oracle.windows(i, stream.bytes))
      std::cout << rules.rules[i].sid << " " << stream.ends << " " << window << "\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bool list = argc == 4 && std::string(argv[1]) == "--sids";
  if (argc != 3 && !list) return 2;
  auto loaded = load(argv[argc - 2], argv[argc - 1]);
  if (!loaded) {
    std::cerr << loaded.error().text() << "\n";
    return 1;
  }
  const ruleset::Ruleset& rules = *loaded.value().ruleset;
  support::StreamOracle oracle(rules);
  if (list) {
    for (signature::RuleIndex i = 0; i < rules.rules.size(); ++i)
      if (oracle.understands(i))
        std::cout << rules.rules[i].sid << " " << (oracle.in_plain_words(i) ? "plain" : "keywords") << "\n";
    return 0;
  }
  std::string line;
  Stream stream;
  while (std::getline(std::cin, line)) {
    if (!read_stream(line, stream)) return 1;
    answer(rules, oracle, stream);
  }
  std::cerr << oracle.cut_off() << " evaluations cut off\n";
  return 0;
}
