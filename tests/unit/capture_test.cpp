#include "capture/capture.h"

#include <rte_mbuf.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "packet/access.h"
#include "support/catch.h"
#include "support/mempool.h"
#include "support/wire_bytes.h"

using namespace mirrorscan;
using capture::Frame;
using capture::Reader;

namespace {

constexpr std::uint32_t kEthernet = 1, kLinuxCooked = 113, kSnapLength = 262'144;
constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4, kNanoseconds = 0xa1b23c4d;

/// The bytes of a capture file, in this machine's byte order (readers accept both).
class CaptureBytes {
 public:
  CaptureBytes& pcap(std::uint32_t magic = kMicroseconds, std::uint32_t link_type = kEthernet) {
    return u32(magic).u32(4 << 16 | 2).u32(0).u32(0).u32(kSnapLength).u32(link_type);
  }
  CaptureBytes& packet(std::uint32_t seconds, std::uint32_t fraction, const std::string& bytes,
                       std::uint32_t original = 0) {
    const auto length = static_cast<std::uint32_t>(bytes.size());
    u32(seconds).u32(fraction).u32(length).u32(original == 0 ? length : original);
    bytes_ += bytes;
    return *this;
  }
  /// Section header and one Ethernet interface with microseconds.
  CaptureBytes& pcapng() {
    u32(0x0a0d0d0a).u32(28).u32(0x1a2b3c4d).u32(1).u32(0xffffffff).u32(0xffffffff).u32(28);
    return u32(1).u32(20).u32(kEthernet).u32(kSnapLength).u32(20);
  }
  /// An enhanced packet block; `bytes` a multiple of 4 long.
  CaptureBytes& block(std::uint64_t time, const std::string& bytes) {
    const auto length = static_cast<std::uint32_t>(bytes.size());
    u32(6)
        .u32(32 + length)
        .u32(0)
        .u32(static_cast<std::uint32_t>(time >> 32))
        .u32(static_cast<std::uint32_t>(time));
    u32(length).u32(length);
    bytes_ += bytes;
    return u32(32 + length);
  }
  CaptureBytes& cut(std::size_t bytes) {
    bytes_.resize(bytes_.size() - bytes);
    return *this;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  CaptureBytes& u32(std::uint32_t value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    return *this;
  }
  std::string bytes_;
};

class TemporaryFile {
 public:
  explicit TemporaryFile(const CaptureBytes& content) {
    static int number = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("capture-test-" + std::to_string(getpid()) + "-" + std::to_string(number++));
    std::ofstream(path_, std::ios::binary) << content.bytes();
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Seen {
  std::int64_t time_us;
  std::uint64_t index;
  std::string bytes;
  std::uint32_t original_length;
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// All that is left, read in bursts of `burst` frames.
std::vector<Seen> read_all(Reader& reader, std::size_t burst = 3) {
  std::vector<Seen> seen;
  std::vector<Frame> frames(burst);
  for (std::size_t count = burst; count == burst;) {
    count = reader.read(frames);
    for (const Frame& f : std::span(frames).first(count))
      seen.push_back({f.time.us, f.index, std::string(as_text(f.bytes)), f.original_length});
  }
  return seen;
}

Reader open(const std::vector<std::string>& paths) {
  auto reader = Reader::open(paths);
  if (!reader) FAIL(reader.error().text());
  return std::move(reader).value();
}

}  // namespace

TEST_CASE("a pcap file gives its frames with time, length and original length") {
  const TemporaryFile file(
      CaptureBytes().pcap().packet(1'000, 7, "first").packet(1'001, 999'999, "second, cut", 1'500));
  Reader reader = open({file.path()});
  CHECK(read_all(reader) ==
        std::vector<Seen>{{1'000'000'007, 0, "first", 5}, {1'001'999'999, 1, "second, cut", 1'500}});
  CHECK_FALSE(reader.error());
}

TEST_CASE("a pcapng file gives its frames") {
  const TemporaryFile file(CaptureBytes().pcapng().block(5'000'001, "abcd").block(5'000'002, "efghijkl"));
  Reader reader = open({file.path()});
  CHECK(read_all(reader) == std::vector<Seen>{{5'000'001, 0, "abcd", 4}, {5'000'002, 1, "efghijkl", 8}});
}

TEST_CASE("nanoseconds are rounded down") {
  const TemporaryFile file(
      CaptureBytes().pcap(kNanoseconds).packet(2, 1'999, "x").packet(2, 999'999'999, "y"));
  Reader reader = open({file.path()});
  CHECK(read_all(reader) == std::vector<Seen>{{2'000'001, 0, "x", 1}, {2'999'999, 1, "y", 1}});
}

TEST_CASE("an impossible time of a pcapng block becomes the latest time that is kept") {
  const TemporaryFile file(CaptureBytes().pcapng().block(0xffff'ffff'ffff'ffff, "abcd"));
  Reader reader = open({file.path()});
  const auto seen = read_all(reader);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].time_us >= 0);
  CHECK(seen[0].time_us / 1'000'000 <= 253'402'300'799);
}

TEST_CASE("several files are read one after the other, in bursts of any size") {
  const TemporaryFile one(CaptureBytes().pcap().packet(9, 0, "a").packet(9, 1, "b"));
  const TemporaryFile none(CaptureBytes().pcap());
  const TemporaryFile two(CaptureBytes().pcap().packet(3, 0, "c").packet(3, 1, "d").packet(3, 2, "e"));
  const std::vector<Seen> expected{{9'000'000, 0, "a", 1},
                                   {9'000'001, 1, "b", 1},
                                   {3'000'000, 2, "c", 1},
                                   {3'000'001, 3, "d", 1},
                                   {3'000'002, 4, "e", 1}};
  for (const std::size_t burst : {1u, 2u, 4u, 5u, 6u, 64u}) {
    Reader reader = open({one.path(), none.path(), two.path()});
    CHECK(read_all(reader, burst) == expected);
    CHECK_FALSE(reader.error());
  }
}

TEST_CASE("a file cut inside a packet gives the packets before it and then names the place") {
  const TemporaryFile file(CaptureBytes().pcap().packet(1, 0, "whole").packet(2, 0, "cut short").cut(3));
  const TemporaryFile never(CaptureBytes().pcap().packet(3, 0, "later file"));
  Reader reader = open({file.path(), never.path()});
  CHECK(read_all(reader) == std::vector<Seen>{{1'000'000, 0, "whole", 5}});
  REQUIRE(reader.error());
  CHECK(reader.error()->where == file.path() + ", packet 2");
  CHECK(reader.error()->what.find("truncated") != std::string::npos);
  CHECK(read_all(reader).empty());
}

TEST_CASE("the packet number in an error counts within its file") {
  const TemporaryFile one(CaptureBytes().pcap().packet(1, 0, "a").packet(1, 0, "b"));
  const TemporaryFile two(CaptureBytes().pcap().packet(2, 0, "c").cut(4));
  Reader reader = open({one.path(), two.path()});
  CHECK(read_all(reader, 64).size() == 2);
  REQUIRE(reader.error());
  CHECK(reader.error()->where == two.path() + ", packet 1");
}

TEST_CASE("a link type that is not Ethernet is refused by name when the files are opened") {
  const TemporaryFile good(CaptureBytes().pcap());
  const TemporaryFile cooked(CaptureBytes().pcap(kMicroseconds, kLinuxCooked));
  const auto reader = Reader::open({good.path(), cooked.path()});
  REQUIRE_FALSE(reader);
  CHECK(reader.error().where == cooked.path());
  CHECK(reader.error().what == "link type LINUX_SLL (113) is not Ethernet");
  CHECK_FALSE(reader.error().remedy.empty());
}

TEST_CASE("a missing file, an empty file and a text file are refused with the file's name") {
  const TemporaryFile empty{CaptureBytes()};
  const TemporaryFile text(CaptureBytes().pcap(0x6c6c6568));
  for (const std::string& path : {std::string("/nonexistent/x.pcap"), empty.path(), text.path()}) {
    const auto reader = Reader::open({path});
    REQUIRE_FALSE(reader);
    CHECK(reader.error().where == path);
    CHECK(reader.error().what.find(path) == std::string::npos);
  }
}

TEST_CASE("no file at all, and standard input twice, are refused") {
  CHECK_FALSE(Reader::open({}));
  CHECK_FALSE(Reader::open({"-", "-"}));
}

TEST_CASE("a minus sign reads standard input") {
  const TemporaryFile file(CaptureBytes().pcap().packet(1, 0, "piped"));
  REQUIRE(std::freopen(file.path().c_str(), "rb", stdin) != nullptr);
  Reader reader = open({"-"});
  CHECK(read_all(reader) == std::vector<Seen>{{1'000'000, 0, "piped", 5}});
}

TEST_CASE("a frame becomes an mbuf chain with its time and index, or nothing when the pool is empty") {
  support::Mempool pool(3, 1'024);
  const support::Bytes bytes = support::pattern(2'500);
  const Frame frame{{77}, 5, bytes, 2'500};
  rte_mbuf* mbuf = capture::to_mbuf(frame, *pool);
  REQUIRE(mbuf != nullptr);
  CHECK(mbuf->pkt_len == 2'500);
  support::Bytes copy(2'500);
  REQUIRE(packet::copy_out(*mbuf, 0, 2'500, copy.data()) == 2'500);
  CHECK(copy == bytes);
  CHECK(packet::meta(*mbuf).time == Timestamp{77});
  CHECK(packet::meta(*mbuf).capture_index == 5);
  CHECK(capture::to_mbuf(frame, *pool) == nullptr);
  rte_pktmbuf_free(mbuf);
  CHECK(pool.in_use() == 0);
}
