#include "engine/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "engine/message_limit.h"
#include "support/catch.h"
#include "support/scratch_folder.h"

using namespace mirrorscan;
using namespace mirrorscan::engine;
using namespace std::chrono_literals;

namespace {

/// What `tell` writes to standard error.
template <class Tell>
std::string said(Tell&& tell) {
  const support::ScratchFolder scratch;
  const std::string path = scratch.folder + "/stderr";
  const int before = dup(STDERR_FILENO);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  REQUIRE(dup2(file, STDERR_FILENO) == STDERR_FILENO);
  tell();
  (void)dup2(before, STDERR_FILENO);
  close(before);
  close(file);
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

void tell_all() {
  log_error("e");
  log_warning("w");
  log_info("i");
  log_debug("d");
}

/// The log as it is at start, again.
struct Restore {
  ~Restore() {
    set_verbosity(Verbosity::normal);
    configure_log({});
  }
};

}  // namespace

TEST_CASE("log.level says which messages are written") {
  const Restore restore;
  set_verbosity(Verbosity::normal);
  const auto at = [](config::LogLevel level) {
    configure_log({config::LogTarget::standard_error, level});
    return said(tell_all);
  };
  CHECK(at(config::LogLevel::error) == "error: e\n");
  CHECK(at(config::LogLevel::warning) == "error: e\nwarning: w\n");
  CHECK(at(config::LogLevel::info) == "error: e\nwarning: w\ninfo: i\n");
  CHECK(at(config::LogLevel::debug) == "error: e\nwarning: w\ninfo: i\ndebug: d\n");
}

TEST_CASE("-q and -v win over log.level") {
  const Restore restore;
  set_verbosity(Verbosity::quiet);
  configure_log({config::LogTarget::standard_error, config::LogLevel::debug});
  CHECK(said(tell_all) == "error: e\n");
  set_verbosity(Verbosity::verbose);
  configure_log({config::LogTarget::standard_error, config::LogLevel::error});
  CHECK(said(tell_all) == "error: e\nwarning: w\ninfo: i\ndebug: d\n");
}

TEST_CASE(
    "what goes to the system's log does not go to standard error, but for errors until the start is done") {
  constexpr const char* kMessage = "a test of mirrorscan's log, to be ignored";
  const Restore restore;
  configure_log({config::LogTarget::syslog, config::LogLevel::warning});
  CHECK(said([] { log_warning(kMessage); }).empty());
  CHECK(said([] { log_error(kMessage); }) == std::string("error: ") + kMessage + "\n");
  log_started();
  CHECK(said([] { log_error(kMessage); }).empty());
}

TEST_CASE("a log on standard error goes on there after the start") {
  const Restore restore;
  configure_log({});
  log_started();
  CHECK(said([] { log_error("e"); }) == "error: e\n");
}

TEST_CASE("of a category ten warnings are written at once, of another ten more") {
  const Restore restore;
  const std::string text = said([] {
    for (int i = 0; i < 50; ++i) log_warning_limited("port losses", "p");
    for (int i = 0; i < 50; ++i) log_warning_limited("sinks", "s");
    log_left_out();
  });
  std::string expected;
  for (int i = 0; i < 10; ++i) expected += "warning: p\n";
  for (int i = 0; i < 10; ++i) expected += "warning: s\n";
  CHECK(text == expected);
}

TEST_CASE("when a category's ten seconds are over, what was left out is told once and it may speak again") {
  MessageLimit limit;
  const auto start = MessageLimit::Clock::now();
  for (int i = 0; i < 13; ++i) CHECK(limit.admit("a", start + i * 100ms) == (i < 10));
  CHECK(limit.admit("b", start));
  CHECK(limit.take_left_out(start + 10s - 1ns).empty());
  const auto left = limit.take_left_out(start + 10s);
  REQUIRE(left.size() == 1);
  CHECK(left[0].category == "a");
  CHECK(left[0].messages == 3);
  CHECK(limit.take_left_out(start + 20s).empty());
  CHECK(limit.admit("a", start + 20s));
}
