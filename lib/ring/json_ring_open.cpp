#include "ring/json_ring_open.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "ring/json_ring_walk.h"

namespace mirrorscan::ring {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr mode_t kFileMode = 0640, kFolderMode = 0750;
constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;  // a FIFO must not block us

Error failed(const std::string& path, const std::string& doing, std::string remedy) {
  return {path, doing + ": " + std::strerror(errno), std::move(remedy)};
}

// --- The lock ----------------------------------------------------------------------------------------------

Error locked_by_another(const std::string& path, const File& file) {
  std::string who = "another process";
  if (const auto map = JsonRingMap::map(file, Access::read))
    who = "process " + std::to_string(map->header().writer_pid.load(kRelaxed));
  return {path, "this ring is being written by " + who, "stop it, or name another file", Until::it_passes};
}

/// The file at `path`, made if it is missing, with the lock that makes us its one writer.
Result<File> lock(const std::string& path) {
  constexpr int kAttempts = 16;
  for (int i = 0; i < kAttempts; ++i) {
    File file(::open(path.c_str(), kFlags, kFileMode));
    if (!file.is_open() && errno == ELOOP)
      return Error{path, "is a symbolic link, or there are too many on the way", "name the file itself"};
    if (!file.is_open())
      return failed(path, "cannot be opened for writing", "name a file in a folder that can be written");
    struct stat info {};
    if (::fstat(file.fd(), &info) != 0 || !S_ISREG(info.st_mode))
      return Error{path, "is not a regular file", "name a file"};
    if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) return locked_by_another(path, file);
    // Between open and flock another writer may have put a new file in this one's place, and gone.
    if (is_named(file, path)) return file;
  }
  return Error{path, "is replaced again and again", "start one writer only"};
}

// --- What is in the file -----------------------------------------------------------------------------------

enum class Condition : std::uint8_t {
  empty,
  whole,
  damaged,  ///< it begins as a ring, or with the zeros that a power failure leaves
  foreign,
};

struct Found {
  Condition condition = Condition::foreign;
  std::optional<JsonRingMap> map;
  std::uint64_t next_sequence = 1;
  std::uint64_t epochs = 0;  ///< that have been
};

bool is_sane(const Found& found) {
  constexpr std::uint64_t kMaxEpoch = 0xffff'fffe;
  return found.next_sequence >= 1 && found.next_sequence < kMaxSequence && found.epochs <= kMaxEpoch;
}

Condition condition_of_first_word(const File& file) {
  std::uint64_t word = 0;
  const ssize_t bytes = ::pread(file.fd(), &word, sizeof(word), 0);
  if (bytes == 0) return Condition::empty;
  return bytes == sizeof(word) && (word == kRingMagic || word == 0) ? Condition::damaged : Condition::foreign;
}

Found look_into(const File& file) {
  Found found;
  found.map = JsonRingMap::map(file, Access::write);
  if (!found.map) {
    found.condition = condition_of_first_word(file);
    return found;
  }
  found.epochs = found.map->header().epoch.load(kRelaxed);
  const std::optional<std::uint64_t> next = next_sequence_of(*found.map);
  found.next_sequence = next.value_or(found.map->header().next_sequence.load(kRelaxed));
  found.condition = next && is_sane(found) ? Condition::whole : Condition::damaged;
  if (!is_sane(found)) found.next_sequence = 1, found.epochs = 0;
  return found;
}

// --- A new file --------------------------------------------------------------------------------------------

std::uint64_t random_series() {
  std::uint64_t series = 0;
  if (::getrandom(&series, sizeof(series), 0) != sizeof(series))
    series = static_cast<std::uint64_t>(::getpid());
  return series;
}

/// Numbers go on in the same series unless the old file could not vouch for them.
std::uint64_t series_after(const Found& found) {
  return found.condition == Condition::whole ? found.map->header().series.load(kRelaxed) : random_series();
}

/// The first page, before the file is mapped: a mapping is checked by it.
Status write_first_page(const File& file, const std::string& name, std::uint64_t data_bytes,
                        const Found& before) {
  std::array<std::uint64_t, kDataOffset / sizeof(Word)> page{};
  const auto put = [&page](std::size_t offset, std::uint64_t value) { page[offset / sizeof(Word)] = value; };
  put(offsetof(JsonRingHeader, magic), kRingMagic);
  put(offsetof(JsonRingHeader, header_bytes), kDataOffset);
  put(offsetof(JsonRingHeader, data_bytes), data_bytes);
  put(offsetof(JsonRingHeader, series), series_after(before));
  put(offsetof(JsonRingHeader, epoch), before.epochs);
  put(offsetof(JsonRingHeader, first_sequence), before.next_sequence);
  put(offsetof(JsonRingHeader, next_sequence), before.next_sequence);
  if (::pwrite(file.fd(), page.data(), sizeof(page), 0) != static_cast<ssize_t>(sizeof(page)))
    return failed(name, "cannot be written", "see to its file system");
  return success();
}

/// Another name for a file that is no longer a ring: it is not ours to delete.
Status keep_aside(const std::string& path, const std::string& aside) {
  ::unlink(aside.c_str());
  // A link and not a rename: `path` must name the file that we have locked until the new one takes its place.
  if (::link(path.c_str(), aside.c_str()) != 0)
    return failed(aside, "cannot be made to keep " + path + " aside", "move that file away yourself");
  return success();
}

/// Gives the file this size and its pages. Without them a full tmpfs would be a SIGBUS in the middle of
/// write().
Status reserve(const File& file, const std::string& name, std::uint64_t data_bytes) {
  // Its result, not errno, has the reason.
  errno = ::posix_fallocate(file.fd(), 0, static_cast<off_t>(kDataOffset + data_bytes));
  if (errno == 0) return success();
  return failed(name, "there is no room for a ring of " + std::to_string(data_bytes) + " bytes",
                "make the ring smaller or its file system larger");
}

/// A file of this size with no records, locked, under a name of its own; only the holder of the lock on
/// `path` is here, so that the name is ours.
Result<File> make_file(const std::string& name, std::uint64_t data_bytes) {
  ::unlink(name.c_str());
  File file(::open(name.c_str(), kFlags | O_EXCL, kFileMode));
  if (!file.is_open()) return failed(name, "cannot be made", "name a file in a folder that can be written");
  ::flock(file.fd(), LOCK_EX | LOCK_NB);
  ::fchmod(file.fd(), kFileMode);  // whatever the umask is: the group reads
  if (const Status reserved = reserve(file, name, data_bytes); !reserved) {
    ::unlink(name.c_str());
    return reserved.error();
  }
  return file;
}

std::string note_on(const Found& before, const std::string& path, const std::string& aside) {
  switch (before.condition) {
    case Condition::whole:
      return path + ": replaced, because its size was " + std::to_string(before.map->data_bytes()) + " bytes";
    case Condition::damaged: return path + ": was damaged; kept as " + aside + ", a new ring begins";
    default: return {};
  }
}

/// Puts a new file at `path`, which this process has locked as `before`.
Result<OpenRing> replace(const std::string& path, std::uint64_t data_bytes, const Found& before) {
  const std::string name = path + ".new", aside = path + ".unreadable";
  Result<File> made = make_file(name, data_bytes);
  if (!made) return made.error();
  OpenRing ring{.file = std::move(made).value(), .note = note_on(before, path, aside)};
  if (const Status written = write_first_page(ring.file, name, data_bytes, before); !written)
    return written.error();
  if (before.condition == Condition::damaged)
    if (const Status kept = keep_aside(path, aside); !kept) return kept.error();
  if (::rename(name.c_str(), path.c_str()) != 0)
    return failed(path, "cannot be replaced by a new file", "move it away yourself");
  auto map = JsonRingMap::map(ring.file, Access::write);
  if (!map) return failed(path, "cannot be mapped", "make the ring smaller");
  ring.map = std::move(*map);
  return ring;
}

/// Goes on in the file at `path`, which this process has locked as `file`.
Result<OpenRing> go_on(const std::string& path, File file, JsonRingMap map) {
  // A ring that was copied here may have holes.
  if (const Status reserved = reserve(file, path, map.data_bytes()); !reserved) return reserved.error();
  return OpenRing{.file = std::move(file), .map = std::move(map)};
}

// --- All of it ---------------------------------------------------------------------------------------------

/// The folder, if it was made. Errors are left to the opening of the file, which says what the operator
/// wanted.
std::string make_parent(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return {};
  std::string folder = path.substr(0, slash);
  if (::mkdir(folder.c_str(), kFolderMode) != 0) return {};
  ::chmod(folder.c_str(), kFolderMode);
  return folder;
}

/// From here on this process is the ring's writer.
void begin_epoch(OpenRing& ring, const Found& before) {
  JsonRingHeader& header = ring.map.header();
  ring.oldest = header.oldest.load(kRelaxed);
  ring.tail = header.tail.load(kRelaxed);
  ring.next_sequence = before.next_sequence;
  ring.epoch = static_cast<std::uint32_t>(before.epochs + 1);
  header.epoch.store(before.epochs + 1, kRelaxed);
  header.writer_pid.store(static_cast<std::uint64_t>(::getpid()), kRelaxed);
  // Who sees a byte of ours sees the `oldest` that a writer before us moved: see JsonRingMap::still_holds().
  std::atomic_thread_fence(std::memory_order_release);
}

}  // namespace

Result<OpenRing> open_for_writing(const std::string& path, std::uint64_t bytes) {
  if (bytes > kMaxDataBytes) return Error{path, "a ring cannot be as large as that", "make it smaller"};
  const std::uint64_t data_bytes = std::bit_ceil(std::max(bytes, kMinDataBytes));
  std::string made_folder = make_parent(path);
  Result<File> file = lock(path);
  if (!file) return file.error();
  Found before = look_into(file.value());
  if (before.condition == Condition::foreign)
    return Error{path, "is not a ring", "name another file, or move this one away"};
  const bool goes_on = before.condition == Condition::whole && before.map->data_bytes() == data_bytes;
  Result<OpenRing> ring = goes_on ? go_on(path, std::move(file).value(), std::move(*before.map))
                                  : replace(path, data_bytes, before);
  if (!ring) return ring;
  begin_epoch(ring.value(), before);
  ring.value().made_folder = std::move(made_folder);
  return ring;
}

}  // namespace mirrorscan::ring
