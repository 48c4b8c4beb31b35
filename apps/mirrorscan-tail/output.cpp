#include "output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace mirrorscan::app {
namespace {

constexpr std::size_t kBufferBytes = 65'536;
constexpr int kRestMs = 20;

volatile std::sig_atomic_t asked_to_end = 0;

}  // namespace

void listen_to_signals() {
  struct sigaction action {};  // no SA_RESTART: a write that waits for a slow reader ends too
  action.sa_handler = [](int) { asked_to_end = 1; };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

bool is_asked_to_end() noexcept {
  return asked_to_end != 0;
}

void Output::add(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) flush();
}

void Output::flush() {
  std::string_view left = buffer_;
  while (!left.empty() && state_ == State::open) {
    const ssize_t written = ::write(STDOUT_FILENO, left.data(), left.size());
    if (written >= 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // whoever made the pipe does not want writers to wait; this one has to
      pollfd out{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
      if (::poll(&out, 1, kRestMs) < 0 && is_asked_to_end()) break;
    } else if (errno != EINTR) {
      error_ = errno;
      state_ = errno == EPIPE || errno == EBADF ? State::closed : State::failed;
    } else if (is_asked_to_end()) {
      break;
    }
  }
  buffer_.clear();
}

void Output::rest() {
  flush();
  pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  if (::poll(&out, 1, kRestMs) > 0 && state_ == State::open) state_ = State::closed;
}

}  // namespace mirrorscan::app
