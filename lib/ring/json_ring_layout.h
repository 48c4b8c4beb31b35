#pragma once
// The bytes of a JSON ring file, as docs/ring-format.md describes them: a page of control words, then the
// data.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mirrorscan::ring {

/// Control words and data are read and written as native 8-byte words, never byte by byte: another process
/// may be at the same word at the same time.
using Word = std::atomic<std::uint64_t>;
static_assert(Word::is_always_lock_free && sizeof(Word) == 8, "words are shared between processes");

/// "MSJRING1" in the bytes of a little-endian machine.
inline constexpr std::uint64_t kRingMagic = 0x31'47'4e'49'52'4a'53'4d;

/// The page at the file's start. Positions count the bytes ever written to the ring, 8 for each word; the
/// word at position p is at offset kDataOffset + p % data_bytes. `oldest` <= `tail` <= `oldest` +
/// `data_bytes` always, and the records from `oldest` to `tail` are whole: `oldest` moves before bytes are
/// overwritten, `tail` after they were written.
struct JsonRingHeader {
  // Never changed once the file has its name.
  Word magic;
  Word header_bytes;  ///< kDataOffset
  Word data_bytes;    ///< a power of two; the file's size is header_bytes + data_bytes
  Word series;        ///< random; sequence numbers may be compared between files of one series
  std::uint64_t reserved0[12];
  // Written when a writer starts.
  Word epoch;           ///< counts the writers of the series, from 1
  Word writer_pid;      ///< for people
  Word first_sequence;  ///< of the next record while the ring is empty
  std::uint64_t reserved1[13];
  // Written with each record.
  Word oldest;         ///< position of the oldest record
  Word tail;           ///< position after the newest record
  Word next_sequence;  ///< stored just before `tail`: a hint that may be one ahead
  std::uint64_t reserved2[13];
};

inline constexpr std::size_t kDataOffset = 4'096;
// 128: x86 fetches cache lines in pairs, and some arm64 cores have lines of 128 bytes.
static_assert(offsetof(JsonRingHeader, data_bytes) == 16 && offsetof(JsonRingHeader, series) == 24);
static_assert(offsetof(JsonRingHeader, epoch) == 128 && offsetof(JsonRingHeader, first_sequence) == 144);
static_assert(offsetof(JsonRingHeader, oldest) == 256 && offsetof(JsonRingHeader, tail) == 264);
static_assert(offsetof(JsonRingHeader, next_sequence) == 272 && sizeof(JsonRingHeader) <= kDataOffset);

/// What a record tells; readers pass types on that they do not know.
enum class RecordType : std::uint32_t { alert = 1, flow = 2, anomaly = 3, stats = 4 };

/// In front of each payload, at a position that is a multiple of 8. The payload follows, then zeros up to the
/// next multiple of 8. Header and payload may go on at the data's start.
struct RecordHead {
  std::uint32_t length;    ///< bytes of payload
  std::uint32_t type;      ///< RecordType
  std::uint64_t sequence;  ///< from 1, one more for each record of the series
  std::uint32_t epoch;     ///< of the writer
  std::uint32_t crc;       ///< zlib's CRC-32 over the 20 bytes before it and the payload
};
static_assert(sizeof(RecordHead) == 24 && offsetof(RecordHead, crc) == 20);

/// The record's share of the ring, in bytes.
[[nodiscard]] constexpr std::uint64_t record_bytes(std::uint64_t payload_bytes) noexcept {
  return sizeof(RecordHead) + (payload_bytes + 7) / 8 * 8;
}

inline constexpr std::uint64_t kMaxSequence = std::uint64_t{1} << 63;  ///< beyond it a number is damage

inline constexpr std::uint64_t kMinDataBytes = 4'096;
inline constexpr std::uint64_t kMaxDataBytes = std::uint64_t{1} << 40;
inline constexpr std::uint64_t kMaxRecordBytes =
    16 * 1'048'576;  ///< what a reader's buffer must hold at most

/// The largest record: an eighth of the ring, so that a lap always leaves something to read.
[[nodiscard]] constexpr std::uint64_t largest_record(std::uint64_t data_bytes) noexcept {
  return data_bytes / 8 < kMaxRecordBytes ? data_bytes / 8 : kMaxRecordBytes;
}

}  // namespace mirrorscan::ring
