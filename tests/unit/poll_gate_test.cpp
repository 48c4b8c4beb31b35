#include "engine/poll_gate.h"

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "support/catch.h"

using mirrorscan::engine::PollGate;

TEST_CASE("a gate is open until it is closed, and again after it is opened") {
  const std::array<std::uint32_t, 1> pollers{3};
  PollGate gate(pollers);
  CHECK(gate.may_poll(3));
  CHECK_FALSE(gate.let_go());
  gate.close();
  CHECK_FALSE(gate.may_poll(3));
  CHECK(gate.let_go());
  gate.open();
  CHECK_FALSE(gate.let_go());
  CHECK(gate.may_poll(3));
}

TEST_CASE("a port is let go when all that poll it have seen the gate closed, and the others do not count") {
  const std::array<std::uint32_t, 3> pollers{0, 5, 0};
  PollGate gate(pollers);
  gate.close();
  CHECK_FALSE(gate.let_go());
  (void)gate.may_poll(0);
  (void)gate.may_poll(1);
  CHECK_FALSE(gate.let_go());
  (void)gate.may_poll(5);
  CHECK(gate.let_go());
}

TEST_CASE("an acknowledgement of one closing is none of the next") {
  const std::array<std::uint32_t, 1> pollers{0};
  PollGate gate(pollers);
  gate.close();
  (void)gate.may_poll(0);
  gate.open();
  gate.close();
  CHECK_FALSE(gate.let_go());
}

TEST_CASE("no worker is inside a burst while the port is let go") {
  constexpr std::uint32_t kPollers = 3;
  const std::array<std::uint32_t, kPollers> pollers{0, 1, 2};
  PollGate gate(pollers);
  std::atomic<int> inside{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> workers;
  for (std::uint32_t worker = 0; worker < kPollers; ++worker)
    workers.emplace_back([&, worker] {
      while (!stop.load()) {
        if (gate.may_poll(worker)) {
          inside.fetch_add(1);
          inside.fetch_sub(1);
        }
        std::this_thread::yield();
      }
    });
  int seen_inside = 0;
  for (int round = 0; round < 200; ++round) {
    gate.close();
    while (!gate.let_go()) std::this_thread::yield();
    for (int i = 0; i < 50; ++i) seen_inside += inside.load();
    gate.open();
  }
  stop.store(true);
  for (std::thread& worker : workers) worker.join();
  CHECK(seen_inside == 0);
}
