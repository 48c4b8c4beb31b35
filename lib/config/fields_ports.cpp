// Rows of the field table: where packets come from, and which CPUs work on them.
#include "config/row.h"

namespace mirrorscan::config {
namespace {

constexpr std::array<std::string_view, 9> kNumaNodes{"auto", "0", "1", "2", "3", "4", "5", "6", "7"};
constexpr Range kCpu{0, 1'023};
constexpr std::string_view kCpuRemedy = "write a list of CPU numbers, such as [2, 3]";

void add_port(std::vector<Field>& out) {
  out.push_back(row({.path = "ports",
                     .items = {0, 32},
                     .sentence = "DPDK ports that `run` receives mirrored packets from.",
                     .remedy = "write a list of objects, such as [{\"device\": \"0000:00:06.0\"}]"},
                    MEMBER(ports)));
  out.push_back(row({.path = "ports[].device",
                     .required = true,
                     .value = {1, 63},
                     .sentence = "PCI address, or name of a virtual device such as net_af_packet0.",
                     .remedy = "write a PCI address such as \"0000:00:06.0\" or a name such as "
                               "\"net_af_packet0\""},
                    ELEMENT(ports, device)));
  out.push_back(row(text("ports[].arguments", {0, 4'096},
                         "DPDK device arguments, such as iface=eth1; what mirrorscan adds itself need not "
                         "be written.",
                         "write arguments as DPDK takes them, such as \"iface=eth1\""),
                    ELEMENT(ports, arguments)));
  out.push_back(row(number("ports[].queues", {1, 64}, "Receive queues of the port.",
                           "write the number of queues, from 1 to 64"),
                    ELEMENT(ports, queues)));
  out.push_back(row(list("ports[].queue_workers", {0, 63}, {0, 64},
                         "The worker that polls each queue, from 0; empty to deal the queues out in turn.",
                         "write one worker number for each queue, such as [0, 1]"),
                    ELEMENT(ports, queue_workers)));
  out.push_back(row(number("ports[].descriptors", {64, 16'384}, "Receive descriptors of each queue.",
                           "write the number of descriptors, such as 1024"),
                    ELEMENT(ports, descriptors)));
  out.push_back(row(number("ports[].mtu", {0, 9'216},
                           "Largest packet of the port in bytes, without the Ethernet header; 0 to leave it "
                           "as the device has it.",
                           "write bytes, such as 9001, or 0"),
                    ELEMENT(ports, mtu)));
  out.push_back(row(yes_no("ports[].promiscuous", "The port takes frames for any MAC address."),
                    ELEMENT(ports, promiscuous)));
  out.push_back(row(number("ports[].mbufs", {0, 16'777'215},
                           "Packet buffers of the port; 0 for what descriptors, bursts and inboxes can hold.",
                           "write the number of buffers, or 0"),
                    ELEMENT(ports, mbufs)));
  out.push_back(row({.path = "ports[].numa_node",
                     .form = Form::choice,
                     .value = {1, 16},
                     .choices = kNumaNodes,
                     .sentence = "NUMA node of the port's buffers; auto for the device's own.",
                     .remedy = "write \"auto\" or a node from \"0\" to \"7\""},
                    ELEMENT(ports, numa_node)));
}

void add_workers(std::vector<Field>& out) {
  out.push_back(row(number("workers.count", {1, 64}, "Workers, each on an lcore of its own.",
                           "write the number of workers, from 1 to 64"),
                    MEMBER(workers.count)));
  out.push_back(
      row(list("workers.cpus", kCpu, {0, 64},
               "The CPU of each worker; empty to let them float over the CPUs of the process.", kCpuRemedy),
          MEMBER(workers.cpus)));
  out.push_back(row(number("workers.burst", {1, 512}, "Packets that a worker takes from a queue at once.",
                           "write the number of packets, from 1 to 512"),
                    MEMBER(workers.burst)));
  out.push_back(row(number("workers.inbox_packets", {64, 65'536},
                           "Packets that may wait for a worker from each other one; more are dropped and "
                           "counted.",
                           "write the number of packets, such as 2048"),
                    MEMBER(workers.inbox_packets)));
  out.push_back(
      row(number("workers.yield_after_idle_polls", {0, 1'000'000},
                 "Polls without a packet after which a worker lets others use its CPU; 0 for never.",
                 "write 0 where workers have CPUs of their own, else a number such as 16"),
          MEMBER(workers.yield_after_idle_polls)));
}

}  // namespace

void add_ports(std::vector<Field>& out) {
  add_port(out);
  add_workers(out);
  out.push_back(row(choice("dpdk.hugepages",
                           "Whether DPDK's memory is in hugepages; auto for where enough of them are free.",
                           "write \"auto\", \"always\" or \"never\""),
                    MEMBER(dpdk.hugepages)));
  out.push_back(row(number("dpdk.memory_mb", {0, 1'048'576},
                           "Memory for packet buffers in MiB; 0 for what the ports need.", "write MiB, or 0"),
                    MEMBER(dpdk.memory_mb)));
  out.push_back(row(list("dpdk.arguments", {1, 4'096}, {0, 64}, "Further arguments for DPDK's environment.",
                         "write a list of arguments, such as [\"--log-level=pmd.net.ena:debug\"]"),
                    MEMBER(dpdk.arguments)));
  out.push_back(
      row(list("control.cpus", kCpu, {0, 64},
               "CPUs of the control and exporter threads; empty for those that no worker has.", kCpuRemedy),
          MEMBER(control.cpus)));
}

}  // namespace mirrorscan::config
