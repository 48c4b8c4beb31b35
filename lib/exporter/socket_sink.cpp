#include "exporter/socket_sink.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mirrorscan::exporter {
namespace {

constexpr int kNoSocket = -1;
constexpr std::chrono::milliseconds kLookInterval{100};

[[nodiscard]] bool fits(const std::string& path) {
  return !path.empty() && path.size() < sizeof(sockaddr_un::sun_path);
}

[[nodiscard]] sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

/// Bytes sent, or -1 and errno.
[[nodiscard]] ssize_t send_pieces(int fd, const std::array<std::span<const char>, 2>& pieces) {
  std::array<iovec, 2> vectors{};
  for (std::size_t i = 0; i < pieces.size(); ++i)
    vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};  // sendmsg(2) only reads them
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = vectors.size();
  return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

SocketSink::SocketSink(const std::string& path, std::size_t buffer_bytes) : waiting_(buffer_bytes) {
  stats_.name = path;
  stats_.kind = "socket";
}

SocketSink::~SocketSink() {
  if (fd_ != kNoSocket) (void)::close(fd_);
}

Result<std::unique_ptr<SocketSink>> SocketSink::make(const std::string& path, std::size_t buffer_bytes) {
  if (!fits(path)) return Error{path, "is no path of a Unix socket", "write a path of 1 to 107 bytes"};
  if (buffer_bytes == 0) return Error{path, "the socket has no buffer", "give it output.socket.buffer_bytes"};
  return std::unique_ptr<SocketSink>(new SocketSink(path, buffer_bytes));
}

void SocketSink::lose(LineQueue::Taken lost, std::string why) {
  stats_.lost_events += lost.lines;
  stats_.lost_bytes += lost.bytes;
  if (lost.lines > 0) stats_.last_error = std::move(why);
}

void SocketSink::write(EventType, std::string_view json) {
  overflowing_ = !waiting_.push(json);
  if (!overflowing_) return;
  send_waiting();
  overflowing_ = !waiting_.push(json);
  if (overflowing_) lose({json.size() + 1, 1}, stats().state);
}

/// connect(2) on a Unix socket is done or refused at once; EAGAIN is a listener with a full backlog.
void SocketSink::connect() {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd == kNoSocket) {
    why_not_connected_ = std::strerror(errno);
    return;
  }
  const sockaddr_un address = address_of(stats_.name);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    fd_ = fd;
    retry_ = kFirstRetry;
    return;
  }
  why_not_connected_ = std::strerror(errno);
  (void)::close(fd);
}

void SocketSink::disconnect(int error_number) {
  (void)::close(std::exchange(fd_, kNoSocket));
  why_not_connected_ = fmt::format("the connection broke: {}", std::strerror(error_number));
  // unix(7): the peer closed its socket while data waited there.
  if (error_number == ECONNRESET)
    stats_.last_error = "the consumer went away with events unread, which are counted as written";
  lose(waiting_.pop_torn_line(), why_not_connected_);
}

/// With nothing to send a broken connection would stay unnoticed. What a consumer says is thrown away.
void SocketSink::notice_hangup() {
  std::array<char, 256> said;
  const ssize_t n = recv(fd_, said.data(), said.size(), MSG_DONTWAIT);
  if (n == 0) return disconnect(EPIPE);
  if (n < 0 && errno != EAGAIN && errno != EINTR) disconnect(errno);
}

void SocketSink::send_waiting() {
  while (fd_ != kNoSocket && !waiting_.empty()) {
    const ssize_t n = send_pieces(fd_, waiting_.pieces());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0) return disconnect(errno);
    const LineQueue::Taken sent = waiting_.pop(static_cast<std::size_t>(n));
    stats_.written_events += sent.lines;
    stats_.written_bytes += sent.bytes;
  }
}

void SocketSink::tick(Clock::time_point now) {
  if (fd_ == kNoSocket && now >= next_try_) {
    next_try_ = now + retry_;
    retry_ = std::min<Clock::duration>(2 * retry_, kLongestRetry);
    connect();
  }
  if (fd_ != kNoSocket && now >= next_look_) {
    next_look_ = now + kLookInterval;
    notice_hangup();
  }
  send_waiting();
}

void SocketSink::close() {
  if (fd_ == kNoSocket && !waiting_.empty()) connect();
  const auto until = Clock::now() + kClosePatience;
  for (send_waiting(); fd_ != kNoSocket && !waiting_.empty(); send_waiting()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd writable{fd_, POLLOUT, 0};
    if (left <= 0 || poll(&writable, 1, static_cast<int>(left)) == 0) break;
  }
  lose(waiting_.pop(waiting_.bytes()),
       fd_ == kNoSocket ? stats().state : "the consumer was too slow at the end");
  if (fd_ != kNoSocket) (void)::close(std::exchange(fd_, kNoSocket));
}

SinkStats SocketSink::stats() const {
  SinkStats out = stats_;
  out.state = fd_ == kNoSocket ? fmt::format("not connected: {}", why_not_connected_)
              : overflowing_   ? "the buffer is full: the consumer does not keep up"
                               : "ok";
  return out;
}

}  // namespace mirrorscan::exporter
