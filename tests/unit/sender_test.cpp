#include "sender/sender.h"

#include <cmath>
#include <thread>
#include <vector>

#include "sender/accuracy.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::sender;

namespace {

/// `count` packets, `gap_ns` apart.
class Plans final : public traffic::PlanSource {
 public:
  Plans(std::uint64_t count, std::uint64_t gap_ns) : count_(count), gap_ns_(gap_ns) {}

  std::size_t next(std::span<traffic::PacketPlan> out) override {
    std::size_t made = 0;
    for (; made < out.size() && next_ < count_; ++made, ++next_) out[made].time_ns = next_ * gap_ns_;
    return made;
  }

 private:
  std::uint64_t count_, gap_ns_, next_ = 0;
};

/// Takes `room` packets and then no more.
class Sink final : public Output {
 public:
  explicit Sink(std::uint64_t room = ~std::uint64_t{0}) : room_(room) {}

  void make(std::span<const traffic::PacketPlan> plans) noexcept override {
    counts_.made += plans.size();
    waiting_ += plans.size();
    most_waiting = std::max(most_waiting, waiting_);
  }
  void send(std::size_t count) noexcept override {
    most_sent = std::max(most_sent, count);
    waiting_ -= count;
    for (; count > 0; --count) ++(counts_.sent < room_ ? counts_.sent : counts_.dropped);
  }
  void discard() noexcept override { counts_.discarded += std::exchange(waiting_, 0); }
  [[nodiscard]] std::string name() const override { return "a test"; }

  std::size_t most_waiting = 0, most_sent = 0;

 private:
  std::uint64_t room_;
  std::size_t waiting_ = 0;
};

/// A clock that goes only when somebody waits, and wakes `late_ns` after the moment that was asked for.
class FakePacer final : public Pacer {
 public:
  explicit FakePacer(std::uint64_t late_ns = 0) : late_ns_(late_ns) {}

  void start() noexcept override { now_ns_ = 0; }
  [[nodiscard]] std::uint64_t now_ns() const noexcept override { return now_ns_; }
  void wait_for(std::uint64_t due_ns, std::uint64_t) noexcept override { now_ns_ = due_ns + late_ns_; }
  [[nodiscard]] double tick_hz() const noexcept override { return 1e9; }

 private:
  std::uint64_t late_ns_, now_ns_ = 0;
};

}  // namespace

TEST_CASE("by an exact clock every packet leaves in its moment, at the rate asked for") {
  Plans plans(10'001, 10'000);
  Sink sink;
  FakePacer pacer;
  Sender sender(plans, sink, pacer, {});
  sender.run();
  const Outcome& outcome = sender.outcome();
  CHECK(std::llround(outcome.achieved_rate()) == 100'000);
  CHECK(std::llround(outcome.asked_rate()) == 100'000);
  CHECK(outcome.accuracy.lateness_ns().most() == 0);
  CHECK(outcome.accuracy.of_10_ms().ppm().most() == 0);
  CHECK_FALSE(outcome.rate_not_reached());
}

TEST_CASE("a clock that wakes late makes packets late, and the rate stays") {
  Plans plans(10'001, 100'000);
  Sink sink;
  FakePacer pacer(60'000);
  Sender sender(plans, sink, pacer, {});
  sender.run();
  const Outcome& outcome = sender.outcome();
  CHECK(outcome.accuracy.lateness_ns().count() == 10'001);
  CHECK(outcome.accuracy.lateness_ns().least() == 0);  // the first packet is due at once
  CHECK(outcome.accuracy.lateness_ns().most() == 60'000);
  CHECK(outcome.accuracy.lateness_ns().value_at(0.01) > 58'000);
  CHECK(outcome.behind_ns == 60'000);
  CHECK(std::llround(outcome.achieved_rate()) == 9'999);
}

TEST_CASE("packets that a late clock missed leave at once, in bursts, and are not skipped") {
  Plans plans(1'000, 10'000);
  Sink sink;
  FakePacer pacer(1'000'000);
  Sender sender(plans, sink, pacer, {.burst = 16});
  sender.run();
  CHECK(sink.most_sent == 16);
  CHECK(sender.outcome().counts.sent == 1'000);
}

TEST_CASE("a packet leaves when its time has come, and not before") {
  CounterPacer pacer(TickRate::measured(), Wait::spin);
  Plans plans(200, 100'000);
  Sink sink;
  Sender sender(plans, sink, pacer, {});
  sender.run();
  const Outcome& outcome = sender.outcome();
  CHECK(outcome.counts.sent == 200);
  CHECK(outcome.nominal_ns == 199 * 100'000);
  CHECK(outcome.elapsed_ns >= outcome.nominal_ns);
  CHECK(outcome.accuracy.lateness_ns().count() == 200);
  CHECK(std::llround(outcome.asked_rate()) == 10'000);
}

TEST_CASE("waiting by sleeping is late at worst, never early") {
  CounterPacer pacer(TickRate::measured(), Wait::sleep);
  Plans plans(20, 2'000'000);
  Sink sink;
  Sender sender(plans, sink, pacer, {});
  sender.run();
  CHECK(sender.outcome().elapsed_ns >= 19 * 2'000'000);
}

TEST_CASE("a receiver that takes no more is a counted drop and never a wait") {
  Plans plans(1'000, 0);
  FakePacer pacer;
  Sink sink(300);
  Sender sender(plans, sink, pacer, {.pace = Pace::as_fast_as_possible});
  sender.run();
  const OutputCounts& counts = sender.outcome().counts;
  CHECK(counts.made == 1'000);
  CHECK(counts.sent == 300);
  CHECK(counts.dropped == 700);
  CHECK(sender.progress().lost.load() == 700);
}

TEST_CASE("packets that are all due go out in bursts of the size asked for") {
  Plans plans(100, 0);
  FakePacer pacer;
  Sink sink;
  Sender sender(plans, sink, pacer, {.burst = 8});
  sender.run();
  CHECK(sink.most_sent == 8);
  CHECK(sink.most_waiting == 8);
}

TEST_CASE("preloaded packets are all made before the first is sent") {
  Plans plans(5'000, 0);
  FakePacer pacer;
  Sink sink;
  Sender sender(plans, sink, pacer, {.preload = Preload::all});
  sender.run();
  CHECK(sink.most_waiting == 5'000);
  CHECK(sender.outcome().counts.sent == 5'000);
}

TEST_CASE("a sender that is stopped says what it made and did not send") {
  Plans plans(1'000'000, 1'000'000'000);
  CounterPacer pacer(TickRate::measured(), Wait::spin);
  Sink sink;
  Sender sender(plans, sink, pacer, {});
  std::thread beside([&sender] { sender.run(); });
  while (sender.progress().sent.load() == 0) std::this_thread::yield();
  sender.stop();
  beside.join();
  const Outcome& outcome = sender.outcome();
  CHECK(outcome.stopped);
  CHECK(outcome.counts.made == outcome.counts.sent + outcome.counts.discarded);
}

TEST_CASE("a rate that is not reached is told") {
  Outcome outcome;
  outcome.counts.made = 1'001;
  outcome.nominal_ns = 1'000'000'000;
  outcome.elapsed_ns = 1'005'000'000;
  CHECK_FALSE(outcome.rate_not_reached());
  outcome.elapsed_ns = 1'020'000'000;
  CHECK(outcome.rate_not_reached());
  outcome.pace = Pace::as_fast_as_possible;
  CHECK_FALSE(outcome.rate_not_reached());
}

TEST_CASE("a sender that ends far behind has not reached its rate, however long it ran") {
  Outcome outcome;
  outcome.counts.made = 1'000'001;
  outcome.nominal_ns = 1'000'000'000'000;
  outcome.elapsed_ns = 1'000'200'000'000;
  outcome.behind_ns = 200'000'000;
  CHECK(outcome.rate_not_reached());
}

TEST_CASE("intervals tell how far the packets that left were from those that were due") {
  IntervalDeviation deviation(1'000);
  // Two packets are due in each of three intervals; one of the first leaves in the second.
  for (const std::uint64_t due : {0, 500, 1'000, 1'500, 2'000, 2'500, 3'000}) deviation.due(due);
  deviation.left(10, 1);
  deviation.left(1'600, 3);
  deviation.left(2'600, 2);
  deviation.left(3'000, 1);
  CHECK(deviation.ppm().count() == 3);
  CHECK(deviation.ppm().most() == 500'000);
  CHECK(deviation.ppm().least() == 0);
}

TEST_CASE("intervals in which nothing was due are left out") {
  IntervalDeviation deviation(1'000);
  deviation.due(0);
  deviation.left(0, 1);
  deviation.due(5'500);
  deviation.left(5'500, 1);
  CHECK(deviation.ppm().count() == 1);
}

TEST_CASE("the CPU's counter agrees with the kernel's clock on how long a moment is") {
  const TickRate rate = TickRate::measured(20);
  CHECK(rate.hz() > 1e6);
  CHECK(rate.ns(rate.ticks(1'000'000)) >= 999'998);
  CHECK(rate.ns(rate.ticks(1'000'000)) <= 1'000'000);
}
