// ObjectStore: a bucket is a directory, an object a plain file at its key.
//
// An object is written to a temporary name in root/s3/.hydrant/.hydrant-tmp, which no bucket can
// have, and renamed to root/s3/<bucket>/<key>; key_path.h says what is escaped. Before it appears,
// a sidecar with what a file cannot say stands in root/s3/.hydrant/<bucket>/, at the path of the
// object plus ".json". That tree follows the same two rules: a name over 255 bytes is cut, and
// where a file and a folder want one name (`a` and `a.json/b`), the later is marked.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "engine/objects/folder.h"

namespace hydrant::objects {

struct ObjectInfo {
  std::string content_type = "application/octet-stream";
  std::string content_encoding;  // empty: none
  std::map<std::string, std::string> metadata;
};

struct StoredObject {
  std::string bucket, key;
  std::string path;  // of the file, relative to root/s3
  std::uint64_t size = 0;
  std::string etag;  // below 5 MiB the MD5 of the bytes, hex; else a hash and a number of parts
  TimePoint written;
  ObjectInfo info;
};

// Thread-safe. Two writes of one key: the later one stands. Blocks on the disk: call it on a pool.
// No lock is held over the disk: a key that is being written is claimed, and others wait for it.
class ObjectStore {
 public:
  // `root` is <data-dir>; objects go to root/s3. Nothing is created before the first put.
  explicit ObjectStore(std::filesystem::path root);

  // None when it is written and renamed into place; else why not, as one sentence. A file that this
  // process did not write is never replaced, nor one that took the place of what it wrote.
  [[nodiscard]] std::optional<std::string> put(const std::string& bucket, const std::string& key,
                                               std::string_view bytes, const ObjectInfo& info,
                                               TimePoint now) EXCLUDES(mutex_);
  std::optional<std::string> get(const std::string& bucket, const std::string& key) const
      EXCLUDES(mutex_);
  std::vector<StoredObject> list() const EXCLUDES(mutex_);  // of this process, by bucket and key
  std::size_t count() const EXCLUDES(mutex_);
  // Removes what this process wrote, and the folders it made if they are empty then; for reset.
  void clear() EXCLUDES(mutex_);

  // Where the object lies below its bucket's folder, if nothing else has a name on the way.
  static std::string escaped_key(std::string_view key);

 private:
  using Name = std::pair<std::string, std::string>;  // bucket and key
  struct Written {
    StoredObject object;
    std::string sidecar_path;
    FileIdentity identity, sidecar_identity;
  };
  class Claim;

  std::optional<DiskError> write(const std::string& bucket_folder, Written& next,
                                 const std::optional<Written>& before, std::string_view bytes,
                                 std::vector<std::string>& made) EXCLUDES(mutex_);
  std::optional<Written> find(const Name& name) const EXCLUDES(mutex_);
  std::string next_temporary_name() EXCLUDES(mutex_);
  std::string sentence(const DiskError& error) const;

  const std::filesystem::path root_;
  const std::string temporary_prefix_;  // not that of another process, nor of one that crashed
  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  std::map<Name, Written> objects_ GUARDED_BY(mutex_);
  std::set<std::string> made_ GUARDED_BY(mutex_);  // folders, relative to root/s3; "" is s3 itself
  std::set<Name> claimed_ GUARDED_BY(mutex_);
  bool clearing_ GUARDED_BY(mutex_) = false;
  std::uint64_t temporary_names_ GUARDED_BY(mutex_) = 0;
};

}  // namespace hydrant::objects
