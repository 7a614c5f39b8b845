// ObjectStore: a bucket is a directory, an object a plain file at its key.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace hydrant::objects {

struct ObjectInfo {
  std::string content_type = "application/octet-stream";
  std::string content_encoding;  // empty: none
  std::map<std::string, std::string> metadata;
};

struct StoredObject {
  std::string bucket, key;
  std::uint64_t size = 0;
  std::string etag;  // MD5 of the bytes, hex
  TimePoint written;
  ObjectInfo info;
};

// Thread-safe. Two writes of one key: the later one stands. Blocks on the disk: call it on a pool.
class ObjectStore {
 public:
  // `root` is <data-dir>; objects go to root/s3. Nothing is created before the first put.
  explicit ObjectStore(std::filesystem::path root);

  // None when it is written and renamed into place; else why not, as one sentence. A file that this
  // process did not write is never replaced.
  [[nodiscard]] std::optional<std::string> put(const std::string& bucket, const std::string& key,
                                               std::string_view bytes, const ObjectInfo& info,
                                               TimePoint now);
  std::optional<std::string> get(const std::string& bucket, const std::string& key) const;
  std::vector<StoredObject> list() const;  // written by this process, by bucket and key
  std::size_t count() const;
  void clear();  // removes what this process wrote, for reset

  // Where the object lies, relative to root/s3; the escaping of the contract, reversible.
  static std::string escaped_key(std::string_view key);

 private:
  const std::filesystem::path root_;
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, StoredObject> objects_;
};

}  // namespace hydrant::objects
