#include "af_packet/ring_sockets.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace mirrorscan::af_packet {
namespace {

bool is_bound_to(int fd, int interface) {
  sockaddr_ll address{};
  socklen_t length = sizeof address;
  return getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0 &&
         address.sll_family == AF_PACKET && address.sll_ifindex == interface;
}

}  // namespace

void RingSockets::take(const std::string& interface) {
  const int index = static_cast<int>(if_nametoindex(interface.c_str()));
  if (index == 0) return;
  std::error_code ignored;
  std::vector<int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored))
    if (const int fd = std::atoi(entry.path().filename().c_str()); is_bound_to(fd, index))
      found.push_back(fd);
  for (const int fd : found)
    if (const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0); own >= 0) sockets_.push_back(own);
}

void RingSockets::let_go() {
  read();
  for (const int fd : sockets_) close(fd);
  sockets_.clear();
}

bool RingSockets::ignore_outgoing() {
  constexpr std::uint32_t kWhole = 0xffff'ffff;
  std::array<sock_filter, 4> program{
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, 0), sock_filter BPF_STMT(BPF_RET | BPF_K, kWhole)};
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  bool all = true;
  for (const int fd : sockets_)
    all = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0 && all;
  return all;
}

void RingSockets::read() {
  for (const int fd : sockets_) {
    tpacket_stats now{};
    socklen_t length = sizeof now;
    if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &now, &length) != 0) continue;
    offered_ += now.tp_packets;
    dropped_ += now.tp_drops;
  }
}

}  // namespace mirrorscan::af_packet
