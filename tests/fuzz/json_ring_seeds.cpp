// Writes the seeds of the fuzz target `json_ring` below the folder it is given (tests/fuzz/corpus).

#include <filesystem>
#include <fstream>
#include <iterator>

#include "json_ring_input.h"
#include "support/ring_scratch.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

std::string number(std::uint64_t n) {
  return {reinterpret_cast<const char*>(&n), sizeof(n)};
}

/// The ring as it is now.
void write(const std::filesystem::path& seed, std::uint8_t how, const RingScratch& scratch,
           std::uint64_t begin) {
  std::ifstream in(scratch.path, std::ios::binary);
  const std::string file{std::istreambuf_iterator<char>(in), {}};
  const auto word = [&file](std::size_t offset) { return file.substr(offset, 8); };
  std::string data = file.substr(ring::kDataOffset);
  data.erase(data.find_last_not_of('\0') + 1);
  std::ofstream(seed, std::ios::binary)
      << static_cast<char>(how) << word(offsetof(ring::JsonRingHeader, oldest))
      << word(offsetof(ring::JsonRingHeader, tail)) << word(offsetof(ring::JsonRingHeader, first_sequence))
      << number(begin) << ((how & fuzz::kRaw) != 0 ? file.substr(0, 300) : data);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::filesystem::path folder = std::filesystem::path(arguments[1]) / "json_ring";
  std::filesystem::create_directories(folder);
  const RingScratch scratch;
  ring::JsonRingWriter writer = ring_writer(scratch.path, 4'096);
  write(folder / "empty", 0, scratch, 0);
  write(folder / "raw-head", fuzz::kRaw, scratch, 0);
  if (!writer.write(ring::RecordType::stats, "") || !writer.write(ring::RecordType::alert, "{\"a\":1}"))
    return 1;
  write(folder / "two-records", 0, scratch, 0);
  write(folder / "two-records-newest", 1, scratch, 0);
  write(folder / "two-records-checksums", fuzz::kTrueChecksums, scratch, 0);
  write_records(writer, 40);
  write(folder / "wrapped", 0, scratch, 0);
  write(folder / "wrapped-since", 2 | fuzz::kTrueChecksums, scratch, 40);
  return 0;
}
