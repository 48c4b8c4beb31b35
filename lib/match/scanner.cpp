#include "match/scanner.h"

#include <hs/hs.h>

#include <utility>

namespace mirrorscan::match {

Result<StreamPool> StreamPool::open(const Database& db, std::size_t count) {
  StreamPool pool;
  if (db.empty()) return pool;
  pool.free_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    hs_stream_t* stream = nullptr;
    if (hs_open_stream(db.hs.get(), 0, &stream) != HS_SUCCESS)
      return Error{"stream states", "Hyperscan could not open stream " + std::to_string(i),
                   "lower stream.max_streams or give the process more memory"};
    pool.free_.push_back(stream);
  }
  pool.size_ = count;
  return pool;
}

StreamPool& StreamPool::operator=(StreamPool&& other) noexcept {
  close();
  free_ = std::move(other.free_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

void StreamPool::close() noexcept {
  for (Stream* stream : free_) hs_close_stream(stream, nullptr, nullptr, nullptr);
  free_.clear();
}

Stream* StreamPool::acquire() noexcept {
  if (free_.empty()) return nullptr;
  Stream* stream = free_.back();
  free_.pop_back();
  return stream;
}

void StreamPool::release(Stream* stream) noexcept {
  reset(stream);
  free_.push_back(stream);  // never beyond the capacity reserved in open()
}

void StreamPool::reset(Stream* stream) noexcept {
  hs_reset_stream(stream, 0, nullptr, nullptr, nullptr);
}

Scanner::~Scanner() {
  hs_free_scratch(scratch_);
}

Status Scanner::prepare(const Database& db) {
  if (db.empty()) return success();
  if (hs_alloc_scratch(db.hs.get(), &scratch_) != HS_SUCCESS)
    return Error{"pattern matching", "Hyperscan could not allocate scratch space",
                 "give the process more memory, and check that the CPU has SSSE3"};
  return success();
}

void Scanner::run_block(const Database& db, ByteView bytes, Forward on_match, void* context) noexcept {
  hs_scan(db.hs.get(), reinterpret_cast<const char*>(bytes.data()), static_cast<unsigned int>(bytes.size()),
          0, scratch_, on_match, context);
}

void Scanner::run_stream(Stream* stream, ByteView bytes, Forward on_match, void* context) noexcept {
  hs_scan_stream(stream, reinterpret_cast<const char*>(bytes.data()), static_cast<unsigned int>(bytes.size()),
                 0, scratch_, on_match, context);
}

}  // namespace mirrorscan::match
