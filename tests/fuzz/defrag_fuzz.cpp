// Inner frames of hostile fragments, through decode and defrag, with the worker's books about them: they must
// balance after each fragment, and what is held must stay within the smallest budget.
//
// Input: records of {control byte, milliseconds since the one before, 16-bit little-endian length, inner
// frame}.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "support/defrag_books.h"

using namespace mirrorscan;

namespace {

constexpr std::size_t kMaxDatagrams = 16;

struct Record {
  std::uint8_t control, pause_ms;
  ByteView frame;
};

/// The next record off the front of `input`; its frame is what is left at most.
Record next_record(ByteView& input) {
  const std::size_t length = static_cast<std::size_t>(input[2] | input[3] << 8);
  const ByteView frame = input.subspan(4, std::min(length, input.size() - 4));
  const Record record{input[0], input[1], frame};
  input = input.subspan(4 + frame.size());
  return record;
}

void must(bool holds) {
  if (!holds) std::abort();
}

void add(support::DefragBooks& books, const Record& record, Timestamp now) {
  const std::size_t segment = 1 + (record.control >> 2);
  support::MbufChain chain(record.frame, support::pieces_of(record.frame.size(), segment * 16));
  packet::Meta meta;
  meta.time = now;
  meta.tenant = record.control & 1;
  meta.ledger_slot = record.control & 3;
  meta.wire_bytes = static_cast<std::uint32_t>(record.frame.size());
  if (decode::decode(*chain, meta) != ledger::PacketEnd::none || !meta.fragment) return;
  const defrag::Verdict verdict = books.add(*chain, meta);
  must(verdict != defrag::Verdict::no_room);
  if (books.whole()) {
    must(books.whole()->ip_packet.size() == books.whole()->meta.wire_bytes);
    must(books.whole()->ip_packet.size() <= 65'535 + 40);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static support::Mempool pool(127);
  support::DefragBooks books(
      {.max_datagrams = kMaxDatagrams, .max_bytes = 0, .timeout = Duration::seconds(1)}, pool);
  ByteView input(data, size);
  Timestamp now{};
  while (input.size() >= 4) {
    const Record record = next_record(input);
    now = now + Duration::milliseconds(record.pause_ms);
    if (record.pause_ms > 200) books.expire(now, 4);
    add(books, record, now);
    must(books.balances());
    must(books.defragmenter().datagrams() <= kMaxDatagrams);
  }
  while (books.expire({INT64_MAX}) > 0) continue;
  must(books.balances() && books.total().held_defrag == ledger::Amount{});
  must(pool.in_use() == 0);
  return 0;
}
