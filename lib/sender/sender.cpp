#include "sender/sender.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/cycles.h"

namespace mirrorscan::sender {
namespace {

constexpr double kReached = 0.99;
constexpr std::uint64_t kBehind_ns = 100'000'000;

/// Adds the ticks of its life to a sum.
class Stopwatch {
 public:
  explicit Stopwatch(std::uint64_t& sum) noexcept : sum_(sum), begin_(cycle_count()) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() { sum_ += cycle_count() - begin_; }

 private:
  std::uint64_t& sum_;
  std::uint64_t begin_;
};

[[nodiscard]] double rate(std::uint64_t packets, std::uint64_t ns) noexcept {
  return packets < 2 || ns == 0 ? 0 : static_cast<double>(packets - 1) * 1e9 / static_cast<double>(ns);
}

}  // namespace

double Outcome::asked_rate() const noexcept {
  return rate(counts.made - counts.discarded, nominal_ns);
}

double Outcome::achieved_rate() const noexcept {
  return rate(counts.made - counts.discarded, elapsed_ns);
}

bool Outcome::rate_not_reached() const noexcept {
  if (pace != Pace::nominal || asked_rate() == 0) return false;
  return achieved_rate() < kReached * asked_rate() || behind_ns > kBehind_ns;
}

void Sender::run() {
  outcome_.tick_hz = pacer_.tick_hz();
  outcome_.pace = options_.pace;
  if (options_.preload == Preload::all)
    while (!stopped() && make_more() > 0) {
    }
  progress_.began.store(true, std::memory_order_relaxed);
  pacer_.start();
  while (!stopped() && !output_.is_broken() && (next_ < due_ns_.size() || refill() > 0)) send_due();
  outcome_.stopped = stopped();
  output_.discard();
  outcome_.counts = output_.counts();
  tell();
}

/// Forgets what was sent.
std::size_t Sender::refill() {
  due_ns_.clear();
  next_ = 0;
  return make_more();
}

std::size_t Sender::make_more() {
  std::array<traffic::PacketPlan, SendOptions::kMostBurst> plans;
  const std::span<traffic::PacketPlan> wanted(plans.data(), options_.burst);
  std::size_t count = 0;
  {
    const Stopwatch watch(outcome_.cost.planning);
    count = plans_.next(wanted);
  }
  const Stopwatch watch(outcome_.cost.making);
  output_.make(wanted.first(count));
  for (const traffic::PacketPlan& plan : wanted.first(count)) due_ns_.push_back(plan.time_ns);
  return count;
}

void Sender::send_due() {
  const std::uint64_t now = pacer_.now_ns();
  const std::size_t end = std::min<std::size_t>(next_ + options_.burst, due_ns_.size());
  std::size_t due = next_;
  while (due < end && (options_.pace == Pace::as_fast_as_possible || due_ns_[due] <= now)) ++due;
  if (due == next_) {
    const Stopwatch watch(outcome_.cost.waiting);
    return pacer_.wait_for(due_ns_[next_], now);
  }
  {
    const Stopwatch watch(outcome_.cost.sending);
    output_.send(due - next_);
  }
  book(due, pacer_.now_ns());
  tell();
}

/// The receiver had the packets up to `end` at `now`.
void Sender::book(std::size_t end, std::uint64_t now) {
  outcome_.elapsed_ns = now;
  outcome_.nominal_ns = due_ns_[end - 1];
  if (options_.pace == Pace::nominal) {
    for (std::size_t i = next_; i < end; ++i) {
      outcome_.accuracy.due(due_ns_[i]);
      outcome_.accuracy.late(now - due_ns_[i]);
    }
    outcome_.accuracy.left(now, end - next_);
    outcome_.behind_ns = now - due_ns_[end - 1];
  }
  next_ = end;
}

void Sender::tell() noexcept {
  const OutputCounts& counts = output_.counts();
  progress_.made.store(counts.made, std::memory_order_relaxed);
  progress_.sent.store(counts.sent, std::memory_order_relaxed);
  progress_.lost.store(counts.lost(), std::memory_order_relaxed);
}

}  // namespace mirrorscan::sender
