#include "sender/flight.h"

#include <pthread.h>
#include <rte_lcore.h>
#include <sched.h>

#include <utility>

namespace mirrorscan::sender {
namespace {

constexpr auto kPatience = std::chrono::seconds(5);
constexpr auto kNap = std::chrono::milliseconds(1);

void pin_to(std::uint32_t cpu) noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  (void)pthread_setaffinity_np(pthread_self(), sizeof set, &set);  // only slower where it fails
}

}  // namespace

Flight::Flight(Sender& sender, Plan plan) : sender_(sender), plan_(std::move(plan)) {}

Flight::~Flight() {
  Flight::end();
}

void Flight::began() {
  begin_ = told_ = std::chrono::steady_clock::now();
  thread_ = std::thread([this] { work(); });
}

void Flight::work() {
  if (plan_.cpu) pin_to(*plan_.cpu);
  const bool known = plan_.eal == Eal::started && rte_thread_register() == 0;
  sender_.run();
  if (known) rte_thread_unregister();
  landed_.store(true, std::memory_order_release);
}

bool Flight::is_done() {
  using Seconds = std::chrono::duration<double>;
  const auto now = std::chrono::steady_clock::now();
  if (plan_.each_second && now - told_ >= std::chrono::seconds(1)) {
    told_ = now;
    plan_.each_second(Seconds(now - begin_).count());
  }
  return landed_.load(std::memory_order_acquire) && (!plan_.is_drained || plan_.is_drained());
}

void Flight::end() {
  if (!thread_.joinable()) return;
  sender_.stop();
  thread_.join();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (plan_.is_drained && !plan_.is_drained() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(kNap);
}

}  // namespace mirrorscan::sender
