// EventLogTestPeer: lets tests run logs over a file system of their own, such
// as one whose n-th write fails. Not for production code.
//
// Thread safety: call before the first log is opened.

#ifndef DAYBOOK_STORAGE_EVENT_LOG_TEST_PEER_H_
#define DAYBOOK_STORAGE_EVENT_LOG_TEST_PEER_H_

#include "rocksdb/env.h"
#include "storage/event_log.h"
#include "storage/shared_resources.h"

namespace daybook::storage {

class EventLogTestPeer {
 public:
  // Logs opened with `shared` from now on read and write through `env`, which
  // must outlive them.
  static void UseEnv(rocksdb::Env& env, SharedResources& shared) {
    shared.impl().env = &env;
  }
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_EVENT_LOG_TEST_PEER_H_
