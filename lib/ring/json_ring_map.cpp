#include "ring/json_ring_map.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <utility>

namespace mirrorscan::ring {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

/// The first words of the file say that it is a ring, and their sizes agree with the file's length.
bool is_ring(int fd, std::uint64_t file_bytes) noexcept {
  std::array<std::uint64_t, 3> words{};
  if (::pread(fd, words.data(), sizeof(words), 0) != static_cast<ssize_t>(sizeof(words))) return false;
  const auto [magic, header_bytes, data_bytes] = words;
  return magic == kRingMagic && header_bytes == kDataOffset && std::has_single_bit(data_bytes) &&
         data_bytes >= kMinDataBytes && data_bytes <= kMaxDataBytes && file_bytes == kDataOffset + data_bytes;
}

}  // namespace

File::File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

File& File::operator=(File&& other) noexcept {
  File taken(std::move(other));  // what was open here is closed with it
  std::swap(fd_, taken.fd_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

bool is_named(const File& file, const std::string& path) noexcept {
  struct stat named {
  }, open{};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(file.fd(), &open) == 0 && named.st_dev == open.st_dev &&
         named.st_ino == open.st_ino;
}

JsonRingMap::JsonRingMap(JsonRingMap&& other) noexcept
    : header_(std::exchange(other.header_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      data_bytes_(std::exchange(other.data_bytes_, 0)) {}

JsonRingMap& JsonRingMap::operator=(JsonRingMap&& other) noexcept {
  JsonRingMap taken(std::move(other));  // what was mapped here is unmapped with it
  std::swap(header_, taken.header_);
  std::swap(data_, taken.data_);
  std::swap(data_bytes_, taken.data_bytes_);
  return *this;
}

JsonRingMap::~JsonRingMap() {
  if (header_ != nullptr) ::munmap(header_, kDataOffset + data_bytes_);
}

std::optional<JsonRingMap> JsonRingMap::map(const File& file, Access access) noexcept {
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  const auto bytes = static_cast<std::uint64_t>(info.st_size);
  if (!is_ring(file.fd(), bytes)) return std::nullopt;
  // The writer's pages are there from the start: a page fault in the middle of write() would be a wait.
  const bool writes = access == Access::write;
  void* at = ::mmap(nullptr, bytes, writes ? PROT_READ | PROT_WRITE : PROT_READ,
                    writes ? MAP_SHARED | MAP_POPULATE : MAP_SHARED, file.fd(), 0);
  if (at == MAP_FAILED) return std::nullopt;
  JsonRingMap map;
  map.header_ = static_cast<JsonRingHeader*>(at);
  map.data_ = reinterpret_cast<Word*>(static_cast<std::byte*>(at) + kDataOffset);
  map.data_bytes_ = bytes - kDataOffset;
  return map;
}

std::optional<Extent> JsonRingMap::extent() const noexcept {
  // `tail` first: an `oldest` that is younger than it lies at most one ring behind it. It can lie before it
  // only if a whole ring was written between the two loads.
  constexpr int kAttempts = 4;
  for (int i = 0; i < kAttempts; ++i) {
    const std::uint64_t tail = header_->tail.load(std::memory_order_acquire);
    const std::uint64_t oldest = header_->oldest.load(std::memory_order_acquire);
    if (oldest > tail) continue;
    if (oldest % sizeof(Word) != 0 || tail % sizeof(Word) != 0 || tail - oldest > data_bytes_) break;
    return Extent{oldest, tail};
  }
  return std::nullopt;
}

RecordHead JsonRingMap::head(std::uint64_t position) const noexcept {
  std::array<std::uint64_t, sizeof(RecordHead) / sizeof(Word)> words;
  copy(position, words);
  return std::bit_cast<RecordHead>(words);
}

void JsonRingMap::copy(std::uint64_t position, std::span<std::uint64_t> out) const noexcept {
  // Relaxed atomics and not memcpy: the writer may overwrite what is copied, which still_holds() notices.
  for (std::uint64_t& to : out) {
    to = word(position).load(kRelaxed);
    position += sizeof(Word);
  }
}

std::uint32_t record_crc(const RecordHead& head, std::string_view payload) noexcept {
  uLong crc = ::crc32_z(0, reinterpret_cast<const Bytef*>(&head), offsetof(RecordHead, crc));
  crc = ::crc32_z(crc, reinterpret_cast<const Bytef*>(payload.data()), payload.size());
  return static_cast<std::uint32_t>(crc);
}

}  // namespace mirrorscan::ring
