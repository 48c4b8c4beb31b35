#pragma once
// Events to a consumer that listens on a Unix stream socket, as Suricata's `unix_stream` output sends them.

#include <memory>

#include "base/result.h"
#include "exporter/line_queue.h"
#include "exporter/sink.h"

namespace mirrorscan::exporter {

/// Never waits for the consumer. What it does not take yet waits in a buffer of fixed size; events that find
/// no room there are lost. Without a connection it tries again, after 100 ms first and every 5 s at last.
/// Each connection begins with a whole line: a line that was half sent when the last one broke is lost.
///
/// Bytes are counted with newlines: written + lost + waiting = given. Written means handed to the kernel:
/// what a consumer leaves unread in its socket when it goes away (at most net.core.wmem_default) no one can
/// count, but `last_error` says that it happened.
class SocketSink final : public Sink {
 public:
  static constexpr std::chrono::milliseconds kFirstRetry{100}, kLongestRetry{5'000};
  static constexpr std::chrono::milliseconds kClosePatience{500};  ///< of close(), in all

  /// Error only if no socket can have that path (unix(7): 107 bytes) or there is no buffer.
  [[nodiscard]] static Result<std::unique_ptr<SocketSink>> make(const std::string& path,
                                                                std::size_t buffer_bytes);
  ~SocketSink() override;

  void write(EventType type, std::string_view json) override;
  void tick(Clock::time_point now) override;
  void close() override;
  [[nodiscard]] SinkStats stats() const override;

 private:
  SocketSink(const std::string& path, std::size_t buffer_bytes);

  void connect();
  void disconnect(int error_number);
  void notice_hangup();
  void send_waiting();
  void lose(LineQueue::Taken lost, std::string why);

  LineQueue waiting_;
  int fd_ = -1;
  bool overflowing_ = false;  ///< the last event found no room
  std::string why_not_connected_ = "not yet";
  Clock::time_point next_try_{}, next_look_{};
  Clock::duration retry_ = kFirstRetry;
  SinkStats stats_;
};

}  // namespace mirrorscan::exporter
