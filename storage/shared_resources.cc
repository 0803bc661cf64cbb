#include "storage/shared_resources.h"

#include <cstdarg>

namespace daybook::storage {
namespace {

class Silence : public rocksdb::Logger {
 public:
  Silence() : Logger(rocksdb::InfoLogLevel::HEADER_LEVEL) {}
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

SharedResources::SharedResources(size_t cache_bytes, size_t write_buffer_bytes)
    : impl_(std::make_unique<Impl>(write_buffer_bytes)) {
  impl_->block_cache = rocksdb::NewLRUCache(cache_bytes);
  impl_->silence = std::make_shared<Silence>();
  impl_->env = rocksdb::Env::Default();
}

SharedResources::~SharedResources() = default;

}  // namespace daybook::storage
