// A writer of a JSON ring that an end-to-end test drives: ring-writer PATH BYTES
//
// It answers each line of standard input with one line, and ends with standard input.
//   TYPE JSON    writes a record (alert, flow, anomaly, stats, or a number); answers its sequence number
//   fast N       writes N alerts as fast as it can; answers the last one's sequence number

#include <cstdint>
#include <iostream>
#include <string>

#include "ring/json_ring_writer.h"

using namespace mirrorscan::ring;

namespace {

RecordType type_of(const std::string& word) {
  if (word == "alert") return RecordType::alert;
  if (word == "flow") return RecordType::flow;
  if (word == "anomaly") return RecordType::anomaly;
  if (word == "stats") return RecordType::stats;
  return static_cast<RecordType>(std::stoul(word));
}

bool write_fast(JsonRingWriter& writer, std::uint64_t count) {
  for (; count > 0; --count) {
    const std::string sequence = std::to_string(writer.next_sequence());
    const std::string fill(writer.next_sequence() % 300, 'x');
    if (!writer.write(RecordType::alert, "{\"n\":" + sequence + ",\"fill\":\"" + fill + "\"}")) return false;
  }
  return true;
}

bool obey(JsonRingWriter& writer, const std::string& word, const std::string& rest) {
  if (word == "fast") return write_fast(writer, std::stoull(rest));
  return writer.write(type_of(word), rest);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  auto opened = JsonRingWriter::open(arguments[1], std::stoull(arguments[2]));
  if (!opened) {
    std::cout << opened.error().text() << std::endl;
    return 1;
  }
  JsonRingWriter& writer = opened.value();
  std::cout << "epoch " << writer.epoch() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t space = line.find(' ');
    const bool done = obey(writer, line.substr(0, space), line.substr(space + 1));
    std::cout << (done ? std::to_string(writer.next_sequence() - 1) : "refused") << std::endl;
  }
  return 0;
}
