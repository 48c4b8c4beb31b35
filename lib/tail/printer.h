#pragma once
// From a record of the ring to the line that is printed, if it is wanted.

#include <cstdint>
#include <optional>
#include <string>

#include "ring/json_ring_reader.h"
#include "tail/event_line.h"
#include "tail/filter.h"

namespace mirrorscan::tail {

enum class Form : std::uint8_t {
  json,  ///< the record's own text: one JSON object a line
  text,  ///< one readable line
};

enum class Numbers : std::uint8_t {
  hidden,
  shown,  ///< the sequence number: before a line of text, as {"seq":N,"event":{...}} around JSON
};

class Printer {
 public:
  Printer(Filter filter, Form form, Color color, Numbers numbers = Numbers::hidden);

  /// With its newline. Nothing if the filter does not want it. A record that is not JSON passes only where no
  /// filter asks for anything.
  [[nodiscard]] std::optional<std::string> line(const ring::JsonRecord& record);

 private:
  [[nodiscard]] std::optional<std::string> unnumbered(const ring::JsonRecord& record);

  Filter filter_;
  Form form_;
  Color color_;
  Numbers numbers_;
  StatsMark last_;
};

}  // namespace mirrorscan::tail
