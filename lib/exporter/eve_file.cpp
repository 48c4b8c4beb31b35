#include "exporter/eve_file.h"

namespace mirrorscan::exporter {

void EveFile::note(const Status& status) {
  if (!status && !error_) error_ = status.error();
}

void EveFile::write(EventType, std::string_view json) {
  if (error_) {
    ++stats_.lost_events;
    stats_.lost_bytes += json.size() + 1;
    return;
  }
  ++stats_.written_events;
  stats_.written_bytes += json.size() + 1;
  note(file_.write(json));
  note(file_.write("\n"));
}

void EveFile::close() {
  note(file_.close());
}

}  // namespace mirrorscan::exporter
