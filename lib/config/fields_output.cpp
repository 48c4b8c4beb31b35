// Rows of the field table: where events go, and what the process says about itself.
#include "config/row.h"

namespace mirrorscan::config {

void add_output(std::vector<Field>& out) {
  out.push_back(
      row(yes_no("output.flow_events", "Each flow that ends is an event."), MEMBER(output.flow_events)));
  out.push_back(
      row(yes_no("output.mirror_object",
                 "Events carry the object `mirror`; without it they keep to Suricata's EVE fields and "
                 "the VNI is in traffic.label."),
          MEMBER(output.mirror_object)));
  out.push_back(row(number("output.ring_records", {64, 16'777'216},
                           "Event records that may wait between an lcore and the exporter.",
                           "write the number of records, such as 16384"),
                    MEMBER(output.ring_records)));
  out.push_back(row(number("output.stats_interval_s", {1, 86'400},
                           "Seconds between two stats events of `run`.", "write seconds, from 1 to 86400"),
                    MEMBER(output.stats_interval_s)));
  out.push_back(row(number("output.rule_stats", {0, 1'000},
                           "Rules that a stats event lists: those that cost most. 0 for none.",
                           "write a number of rules, such as 20"),
                    MEMBER(output.rule_stats)));
  out.push_back(row(text("output.ring.path", {0, 4'096},
                         "File of the shared-memory JSON ring that mirrorscan-tail reads; empty for none.",
                         "write a path on a tmpfs, such as \"/run/mirrorscan/events.ring\""),
                    MEMBER(output.ring.path)));
  out.push_back(
      row(number("output.ring.bytes", {65'536, 68'719'476'736},
                 "Size of the ring's data; rounded up to a power of two.", "write bytes, at least 65536"),
          MEMBER(output.ring.bytes)));
  out.push_back(row(text("output.file.path", {0, 4'096},
                         "NDJSON file to which events are appended, opened anew at SIGHUP; empty for none.",
                         "write the path of a file, such as \"/var/log/mirrorscan/eve.json\""),
                    MEMBER(output.file.path)));
  out.push_back(row(text("output.socket.path", {0, 107},
                         "Unix stream socket on which a consumer listens for NDJSON; empty for none.",
                         "write the path of a socket, at most 107 bytes"),
                    MEMBER(output.socket.path)));
  out.push_back(row(number("output.socket.buffer_bytes", {65'536, 1'073'741'824},
                           "Bytes of events that wait for a slow or absent consumer; beyond it events are "
                           "lost to this sink and counted.",
                           "write bytes, at least 65536"),
                    MEMBER(output.socket.buffer_bytes)));
  out.push_back(row(choice("log.target", "Where `run` sends its messages to the operator.",
                           "write \"stderr\" or \"syslog\""),
                    MEMBER(log.target)));
  out.push_back(
      row(choice("log.level", "The least important messages of `run` that are written; `-q` and `-v` win.",
                 "write \"error\", \"warning\", \"info\" or \"debug\""),
          MEMBER(log.level)));
}

}  // namespace mirrorscan::config
