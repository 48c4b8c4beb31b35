#include "port/started_port.h"

#include <fmt/format.h>
#include <rte_ethdev.h>

#include <cerrno>
#include <utility>

#include "engine/eal.h"
#include "engine/log.h"
#include "port/virtual_device.h"

namespace mirrorscan::port {
namespace {

/// About a second: a fault that comes back at once is no storm.
constexpr std::uint32_t kTicksBetweenResets = 10;

int on_event(std::uint16_t, rte_eth_event_type event, void* told, void*) {
  auto& flags = *static_cast<Told*>(told);
  (event == RTE_ETH_EVENT_INTR_RMV ? flags.removed : flags.reset_wanted)
      .store(true, std::memory_order_release);
  return 0;
}

}  // namespace

StartedPort::StartedPort(Device device, Refusals refusals, std::vector<std::uint32_t> queue_workers,
                         rte_mempool* pool, std::uint32_t buffer_bytes, bool made)
    : Port(std::move(queue_workers)),
      device_(std::move(device)),
      refusals_(std::move(refusals)),
      pool_(pool),
      buffer_bytes_(buffer_bytes),
      driver_(device_.driver()),
      made_(made) {
  listen();
  if (device_.kind().watch != nullptr) watch_ = device_.kind().watch(device_.config(), id());
  read_link();
}

StartedPort::~StartedPort() {
  stop();
  forget();
  engine::free_mbuf_pool(pool_);
}

void StartedPort::listen() {
  (void)rte_eth_dev_callback_register(id(), RTE_ETH_EVENT_INTR_RESET, on_event, &told_);
  (void)rte_eth_dev_callback_register(id(), RTE_ETH_EVENT_INTR_RMV, on_event, &told_);
}

/// Closes the device; one that we made is removed.
void StartedPort::forget() noexcept {
  if (rte_eth_dev_is_valid_port(id()) == 0) return;
  (void)rte_eth_dev_callback_unregister(id(), RTE_ETH_EVENT_INTR_RESET, on_event, &told_);
  (void)rte_eth_dev_callback_unregister(id(), RTE_ETH_EVENT_INTR_RMV, on_event, &told_);
  device_.close();
  if (std::exchange(made_, false)) remove_virtual_device(name());
}

void StartedPort::tick() {
  if (state_ == State::stopped) return;
  if (state_ == State::removed) return look_for_origin();
  if (watch_) watch_->tick();
  if (told_.removed.load(std::memory_order_acquire)) return lose("the device was removed");
  if (watch_ && watch_->origin() != Origin::same)
    return lose("its interface was removed; it receives again once there is one of that name, up");
  switch (state_) {
    case State::running: look_for_faults(); break;
    case State::letting_go:
      if (!gate().let_go()) break;
      read_counters();  // what the device counted would be gone after the reset
      reset();
      break;
    case State::down:
      if (--pause_ticks_ == 0) reset();
      break;
    case State::removed:
    case State::stopped: break;
  }
}

void StartedPort::look_for_faults() {
  read_link();
  if (pause_ticks_ > 0) {
    --pause_ticks_;
    return;
  }
  if (told_.reset_wanted.exchange(false, std::memory_order_acq_rel)) {
    begin_reset("its driver asks for a reset");
    return;
  }
  if (!watch_) return;
  if (const std::string fault = watch_->fault(); !fault.empty()) begin_reset(fault);
}

/// Workers may be inside a burst: the device counts on until they have let it go.
void StartedPort::begin_reset(const std::string& why) {
  engine::log_warning(fmt::format("port {}: {}; resetting it", name(), why));
  gate().close();
  state_ = State::letting_go;
}

/// The queues are ours alone here. A driver without a reset of its own is stopped and started.
void StartedPort::reset() {
  device_.stop();
  int code = rte_eth_dev_reset(id());
  if (code == -ENOTSUP) code = 0;
  auto status = code == 0 ? device_.bring_up(*pool_, buffer_bytes_, refusals_)
                          : Status(Error{"", fmt::format("reset fails with {}", code), ""});
  told_.reset_wanted.store(false, std::memory_order_release);
  pause_ticks_ = kTicksBetweenResets;
  if (!status) {
    if (failed_resets_++ == 0)
      engine::log_error(fmt::format("port {}: {}; trying again each second", name(), status.error().text()));
    state_ = State::down;
    return;
  }
  ++resets_;
  if (watch_) watch_->restarted();
  engine::log_info(fmt::format("port {}: reset and receiving again", name()));
  state_ = State::running;
  gate().open();
}

void StartedPort::lose(const std::string& why) {
  engine::log_error(fmt::format("port {}: {}", name(), why));
  if (state_ == State::running) read_counters();
  gate().close();
  state_ = State::removed;
}

/// A driver keeps to the interface that it was made with: the device has to be made anew.
void StartedPort::look_for_origin() {
  if (pause_ticks_ > 0) --pause_ticks_;
  if (!watch_ || watch_->origin() != Origin::another || pause_ticks_ > 0 || !gate().let_go()) return;
  make_anew();
}

/// The queues are ours alone here.
void StartedPort::make_anew() {
  pause_ticks_ = kTicksBetweenResets;
  if (const Status open = open_anew(); !open) {
    if (failed_resets_++ == 0)
      engine::log_error(fmt::format("port {}: {}; trying again each second", name(), open.error().text()));
    return;
  }
  ++resets_;
  engine::log_info(fmt::format("port {}: its interface is there again; receiving", name()));
  state_ = State::running;
  gate().open();
}

Status StartedPort::open_anew() {
  if (rte_eth_dev_is_valid_port(id()) != 0) read_counters();
  watch_->let_go();
  device_.stop();
  made_ = true;  // whoever made it, it goes
  forget();
  const auto made = make_virtual_device(device_.config(), device_.kind(), device_.where());
  if (!made) return made.error();
  made_ = true;
  device_.is_now(made.value());
  listen();
  for (Tally* tally : {&counts_.received, &counts_.missed, &counts_.no_mbuf, &counts_.bytes, &counts_.errors})
    tally->begin_anew();
  if (Status up = device_.bring_up(*pool_, buffer_bytes_, refusals_); !up) return up;
  watch_->made_anew();
  return success();
}

void StartedPort::stop() {
  if (state_ == State::stopped) return;
  last_ = stats();
  last_.state = "stopped";
  state_ = State::stopped;
  device_.stop();
}

void StartedPort::read_link() {
  const auto told = watch_ ? watch_->link_up() : std::nullopt;
  rte_eth_link link{};
  const bool up =
      told ? *told : rte_eth_link_get_nowait(id(), &link) == 0 && link.link_status == RTE_ETH_LINK_UP;
  if (up != link_up_) engine::log_info(fmt::format("port {}: link {}", name(), up ? "up" : "down"));
  link_up_ = up;
}

void StartedPort::read_counters() {
  rte_eth_stats now{};
  if (const int code = rte_eth_stats_get(id(), &now); code != 0) {
    refusals_.add_code("stats", code, "its counters are not told");
    return;
  }
  counts_.received.read(now.ipackets);
  counts_.missed.read(now.imissed);
  counts_.no_mbuf.read(now.rx_nombuf);
  counts_.bytes.read(now.ibytes);
  counts_.errors.read(now.ierrors);
}

std::string StartedPort::state_name() const {
  switch (state_) {
    case State::running: return link_up_ ? "up" : "down";
    case State::letting_go: return "resetting";
    case State::down: return "down";
    case State::removed: return "removed";
    case State::stopped: break;
  }
  return "stopped";
}

exporter::PortStats StartedPort::stats() {
  if (state_ == State::stopped) return last_;
  if (state_ == State::running || state_ == State::letting_go) read_counters();
  exporter::PortStats out;
  out.name = name();
  out.received = counts_.received.total();
  out.missed = counts_.missed.total();
  out.no_mbuf = counts_.no_mbuf.total();
  out.bytes = counts_.bytes.total();
  out.errors = counts_.errors.total();
  out.driver = driver_;
  out.queues = queues();
  out.mtu = device_.mtu();
  out.state = state_name();
  out.refused = refusals_.list();
  if (watch_) watch_->count(out);
  if (resets_ + failed_resets_ > 0) {
    out.named.emplace_back("resets", resets_);
    out.named.emplace_back("failed_resets", failed_resets_);
  }
  return out;
}

}  // namespace mirrorscan::port
