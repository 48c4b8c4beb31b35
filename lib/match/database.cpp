#include "match/database.h"

#include <hs/hs.h>

namespace mirrorscan::match {

void DatabaseDeleter::operator()(hs_database* db) const noexcept {
  hs_free_database(db);
}

}  // namespace mirrorscan::match
