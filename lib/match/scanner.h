#pragma once
// The run side of Hyperscan: one Scanner a lcore, streams from a pool that is filled at start.
//
// hs_open_stream allocates, and its allocator hook has no context argument, so streams are opened when the
// pool is made and only reset afterwards (hs_reset_stream writes the initial state, 17-56 ns).

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "match/database.h"

struct hs_scratch;
struct hs_stream;

namespace mirrorscan::match {

/// A pattern ended at `end`: an offset into the payload (block mode) or into the stream since it was opened
/// or reset.
struct Hit {
  std::uint32_t pattern;
  std::uint64_t end;
};

using Stream = hs_stream;

/// Preopened streams of one database. Not for use by two lcores.
class StreamPool {
 public:
  /// `count` streams of a stream-mode database; none when the database is empty.
  [[nodiscard]] static Result<StreamPool> open(const Database& db, std::size_t count);
  StreamPool() = default;
  StreamPool(StreamPool&& other) noexcept = default;
  StreamPool& operator=(StreamPool&& other) noexcept;
  ~StreamPool() { close(); }

  /// A stream in its initial state, or null when none is free.
  [[nodiscard]] Stream* acquire() noexcept;
  /// Back to the pool. Matches at the end of data are not reported: triggers never need the end of a stream.
  void release(Stream* stream) noexcept;
  void reset(Stream* stream) noexcept;
  [[nodiscard]] std::size_t free_count() const noexcept { return free_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  void close() noexcept;
  std::vector<Stream*> free_;
  std::size_t size_ = 0;
};

/// Hyperscan scratch of one lcore, large enough for each database it was prepared for.
class Scanner {
 public:
  Scanner() = default;
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  ~Scanner();

  /// Grows the scratch for `db`. Call before the first scan with it, never from the packet path (it
  /// allocates).
  [[nodiscard]] Status prepare(const Database& db);

  /// Calls on_hit(Hit) for each pattern that ends in `bytes`. Hits come ordered by their end offset.
  template <class OnHit>
  void scan_block(const Database& db, ByteView bytes, OnHit&& on_hit) noexcept {
    if (!db.empty()) run_block(db, bytes, &forward<std::remove_reference_t<OnHit>>, &on_hit);
  }

  /// The same for the next bytes of a stream.
  template <class OnHit>
  void scan_stream(Stream* stream, ByteView bytes, OnHit&& on_hit) noexcept {
    run_stream(stream, bytes, &forward<std::remove_reference_t<OnHit>>, &on_hit);
  }

 private:
  using Forward = int (*)(unsigned int, unsigned long long, unsigned long long, unsigned int, void*);

  template <class OnHit>
  static int forward(unsigned int pattern, unsigned long long, unsigned long long end, unsigned int,
                     void* context) noexcept {
    (*static_cast<OnHit*>(context))(Hit{pattern, end});
    return 0;
  }

  void run_block(const Database& db, ByteView bytes, Forward on_match, void* context) noexcept;
  void run_stream(Stream* stream, ByteView bytes, Forward on_match, void* context) noexcept;

  hs_scratch* scratch_ = nullptr;
};

}  // namespace mirrorscan::match
