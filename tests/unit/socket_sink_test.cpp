#include "exporter/socket_sink.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.h"
#include "support/scratch_folder.h"

using namespace mirrorscan;
using namespace mirrorscan::exporter;
using namespace std::chrono_literals;

namespace {

constexpr auto kEvent = ring::RecordType::alert;

std::string line(int n) {
  return R"({"n":)" + std::to_string(n) + R"(,"fill":")" + std::string(100, 'x') + R"("})";
}

/// A consumer on a path; never blocks.
class Listener {
 public:
  explicit Listener(const std::string& path) : path_(path) {
    fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    REQUIRE(bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(fd_, 4) == 0);
  }
  ~Listener() {
    hang_up();
    ::close(fd_);
    ::unlink(path_.c_str());
  }
  /// Accepts, and reads what is there, at most `bytes`.
  void read(std::size_t bytes = SIZE_MAX) {
    if (connection_ < 0) connection_ = accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK);
    std::array<char, 4'096> buffer;
    while (connection_ >= 0 && bytes > 0) {
      const ssize_t n = ::recv(connection_, buffer.data(), std::min(bytes, buffer.size()), 0);
      if (n <= 0) return;
      received.append(buffer.data(), static_cast<std::size_t>(n));
      bytes -= static_cast<std::size_t>(n);
    }
  }
  void hang_up() {
    if (connection_ >= 0) ::close(connection_);
    connection_ = -1;
  }
  [[nodiscard]] bool connected() const { return connection_ >= 0; }

  std::string received;

 private:
  std::string path_;
  int fd_ = -1, connection_ = -1;
};

struct Bench {
  support::ScratchFolder scratch;
  std::string path = scratch.folder + "/eve.sock";
  std::unique_ptr<SocketSink> sink;
  Sink::Clock::time_point now = Sink::Clock::now();
  std::uint64_t given = 0, given_bytes = 0;

  explicit Bench(std::size_t buffer_bytes = 65'536) {
    auto made = SocketSink::make(path, buffer_bytes);
    REQUIRE(made.ok());
    sink = std::move(made).value();
  }
  void write(const std::string& json) {
    sink->write(kEvent, json);
    ++given;
    given_bytes += json.size() + 1;
  }
  void write_lines(int n) {
    for (int i = 0; i < n; ++i) write(line(static_cast<int>(given)));
  }
  void pass(Sink::Clock::duration time) {
    now += time;
    sink->tick(now);
  }
  [[nodiscard]] SinkStats stats() const { return sink->stats(); }
};

/// Whole lines of line(n) with n ascending; says how many.
std::size_t whole_lines(const std::string& text) {
  std::size_t count = 0;
  int last = -1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);
    const std::string each = text.substr(at, end - at);
    REQUIRE(each.starts_with(R"({"n":)"));
    const int n = std::atoi(each.c_str() + 5);
    REQUIRE(each == line(n));
    REQUIRE(n > last);
    last = n;
    ++count;
    at = end + 1;
  }
  return count;
}

}  // namespace

TEST_CASE("a consumer gets each event as a line") {
  Bench bench;
  Listener listener(bench.path);
  bench.pass(0ms);
  bench.write_lines(3);
  bench.pass(1ms);
  listener.read();
  CHECK(listener.received == line(0) + "\n" + line(1) + "\n" + line(2) + "\n");
  CHECK(bench.stats().state == "ok");
  CHECK(bench.stats().written_events == 3);
  CHECK(bench.stats().written_bytes == bench.given_bytes);
}

TEST_CASE("a path that no socket can have is an error, a consumer that is not there is none") {
  CHECK_FALSE(SocketSink::make(std::string(108, 'p'), 4'096).ok());
  CHECK_FALSE(SocketSink::make("", 4'096).ok());
  CHECK(SocketSink::make(std::string(107, 'p'), 4'096).ok());
}

TEST_CASE("without a consumer events wait within the budget, and what finds no room is counted") {
  Bench bench;
  bench.pass(0ms);
  CHECK(bench.stats().state == "not connected: No such file or directory");
  bench.write_lines(1'000);
  CHECK(bench.stats().lost_events > 0);
  CHECK(bench.given_bytes - bench.stats().lost_bytes <= 65'536);
  CHECK(bench.given_bytes - bench.stats().lost_bytes > 65'000);

  Listener listener(bench.path);
  bench.pass(10s);
  listener.read();
  CHECK(whole_lines(listener.received) + bench.stats().lost_events == 1'000);
  CHECK(listener.received.size() + bench.stats().lost_bytes == bench.given_bytes);
}

TEST_CASE("connecting is tried again after 100 ms, then less and less often, but every 5 s") {
  Bench bench;
  bench.pass(0ms);
  for (const auto wait : {100ms, 200ms, 400ms, 800ms, 1'600ms, 3'200ms, 5'000ms, 5'000ms}) {
    {
      const Listener unnoticed(bench.path);
      bench.pass(wait - 1ms);
      CHECK(bench.stats().state != "ok");
    }
    bench.pass(1ms);
  }
  const Listener listener(bench.path);
  bench.pass(5'000ms);
  CHECK(bench.stats().state == "ok");
}

TEST_CASE("a slow consumer costs events, but gets whole lines, and the sink does not wait") {
  Bench bench;
  Listener listener(bench.path);
  bench.pass(0ms);
  for (int round = 0; round < 300; ++round) {
    bench.write_lines(100);
    bench.pass(1ms);
    listener.read(1'000);
  }
  CHECK(bench.stats().state == "the buffer is full: the consumer does not keep up");
  CHECK(bench.stats().last_error == bench.stats().state);
  CHECK(bench.stats().lost_events > 1'000);
  for (std::size_t before = 0; before != listener.received.size() || before == 0; bench.pass(1ms)) {
    before = listener.received.size();
    listener.read();
  }
  CHECK(whole_lines(listener.received) + bench.stats().lost_events == bench.given);
  CHECK(listener.received.size() + bench.stats().lost_bytes == bench.given_bytes);
  bench.write_lines(1);
  CHECK(bench.stats().state == "ok");
}

TEST_CASE("a consumer that goes away and comes back gets whole lines, and each line is received or lost") {
  Bench bench(262'144);
  auto listener = std::make_unique<Listener>(bench.path);
  bench.pass(0ms);
  std::size_t received = 0;
  for (int life = 0; life < 10; ++life) {
    bench.write_lines(500);
    bench.pass(1ms);
    listener->read();
    received += whole_lines(listener->received);
    listener.reset();
    bench.write_lines(100);
    bench.pass(10s);
    CHECK(bench.stats().state != "ok");
    listener = std::make_unique<Listener>(bench.path);
    bench.pass(10s);
  }
  bench.pass(1ms);
  listener->read();
  bench.pass(1ms);
  listener->read();
  received += whole_lines(listener->received);
  CHECK(received + bench.stats().lost_events == bench.given);
  CHECK(received == bench.stats().written_events);
}

TEST_CASE(
    "a line half sent when the connection breaks is lost, and the next connection begins with a whole one") {
  Bench bench(1'048'576);
  auto listener = std::make_unique<Listener>(bench.path);
  bench.pass(0ms);
  listener->read();
  REQUIRE(listener->connected());
  bench.write_lines(6'000);  // more than the kernel's buffer takes
  bench.pass(1ms);
  const std::uint64_t taken_bytes = bench.stats().written_bytes;
  REQUIRE(taken_bytes < bench.given_bytes);
  listener.reset();
  listener = std::make_unique<Listener>(bench.path);
  bench.pass(1ms);
  bench.pass(10s);
  CHECK(bench.stats().last_error.size() > 0);
  for (std::size_t before = 0; before != listener->received.size() || before == 0; bench.pass(1ms)) {
    before = listener->received.size();
    listener->read();
  }
  CHECK(whole_lines(listener->received) > 0);
  CHECK(bench.stats().lost_events <= 1);
  CHECK(bench.stats().written_events + bench.stats().lost_events == bench.given);
  CHECK(bench.stats().written_bytes + bench.stats().lost_bytes == bench.given_bytes);
}

TEST_CASE("a consumer's end is noticed although there is nothing to send") {
  Bench bench;
  auto listener = std::make_unique<Listener>(bench.path);
  bench.pass(0ms);
  CHECK(bench.stats().state == "ok");
  listener->read();
  listener.reset();
  bench.pass(1s);
  CHECK(bench.stats().state == "not connected: the connection broke: Broken pipe");
}

TEST_CASE("an event larger than the buffer is lost and counted") {
  Bench bench(4'096);
  bench.write(std::string(4'096, 'x'));
  CHECK(bench.stats().lost_events == 1);
  CHECK(bench.stats().lost_bytes == 4'097);
}

TEST_CASE("closing hands over what waits while the consumer reads, and counts what it does not") {
  Bench bench(1'048'576);
  Listener listener(bench.path);
  bench.pass(0ms);
  bench.write_lines(6'000);
  SECTION("a consumer that reads") {
    std::atomic<bool> closed{false};
    std::thread reader([&] {
      while (!closed) listener.read();
      listener.read();
    });
    bench.sink->close();
    closed = true;
    reader.join();
    CHECK(whole_lines(listener.received) == 6'000);
  }
  SECTION("a consumer that does not") {
    bench.sink->close();
    CHECK(bench.stats().lost_events > 0);
    CHECK(bench.stats().last_error == "the consumer was too slow at the end");
  }
  CHECK(bench.stats().written_events + bench.stats().lost_events == 6'000);
  CHECK(bench.stats().written_bytes + bench.stats().lost_bytes == bench.given_bytes);
}
