#include "engine/objects/object_store.h"

#include <limits.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/json_writer.h"
#include "core/random.h"
#include "core/utf8.h"
#include "engine/objects/key_path.h"
#include "engine/objects/placement.h"
#include "engine/objects/quick_hash.h"

namespace hydrant::objects {
namespace {

using Digest = QuickHash;  // 16 bytes, as an MD5

constexpr const char* kSidecars = ".hydrant";
constexpr const char* kTemporaries = ".hydrant-tmp";
constexpr const char* kSidecarSuffix = ".json";

constexpr std::size_t kPartBytes = 5 * 1024 * 1024;

std::string hex_of(const Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

// In S3 an object that was put in one piece has the MD5 of its bytes for a tag, and one of several
// parts, which have 5 MiB or more, something else with the number of parts behind it. MD5 costs
// several times as much as writing, so large objects have the latter, over a quick hash.
std::string etag_of(std::string_view bytes) {
  if (bytes.size() < kPartBytes) {
    Digest digest;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_md5(), nullptr);
    return hex_of(digest);
  }
  return hex_of(quick_hash(bytes)) + '-' +
         std::to_string((bytes.size() + kPartBytes - 1) / kPartBytes);
}

std::string sidecar_text(const StoredObject& object) {
  std::string metadata;
  for (const auto& [name, value] : object.info.metadata) {
    metadata += metadata.empty() ? '{' : ',';
    append_json_string(metadata, name);
    metadata += ':';
    append_json_string(metadata, value);
  }
  metadata += metadata.empty() ? "{}" : "}";

  std::string text;
  JsonWriter json(text);
  json.begin_object().member("Bucket", object.bucket).member("Key", object.key);
  // JSON cannot say such a key exactly; the services take none, so this is for embedders.
  if (!is_utf8(object.key)) json.key("KeyBase64").base64(object.key);
  json.member("ContentType", object.info.content_type);
  if (!object.info.content_encoding.empty()) {
    json.member("ContentEncoding", object.info.content_encoding);
  }
  json.member("ContentLength", static_cast<std::int64_t>(object.size));
  json.member("ETag", '"' + object.etag + '"');
  json.member("LastModified", format_utc(object.written));
  json.key("Metadata").raw(metadata).end_object();
  text += '\n';
  return text;
}

// A file under a temporary name, removed again unless it is moved to where it belongs.
class Temporary {
 public:
  Temporary(const Folder& folder, std::string name) : folder_(folder), name_(std::move(name)) {}
  ~Temporary() {
    if (here_) folder_.remove(name_);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  DiskResult<FileIdentity> write(std::string_view bytes) {
    auto identity = folder_.write_new(name_, bytes);
    here_ = identity.has_value();
    return identity;
  }
  std::optional<DiskError> move_to(const Place& place, bool replace) {
    auto failure = folder_.move(name_, place.folder, place.name, replace);
    if (!failure) here_ = false;
    return failure;
  }
  void take_back(const Place& place) {
    here_ = !place.folder.move(place.name, folder_, name_, false);
  }

 private:
  const Folder& folder_;
  const std::string name_;
  bool here_ = false;
};

std::vector<std::string> sidecar_segments(const std::string& object_path) {
  auto segments = split_path(object_path);
  segments.back() += kSidecarSuffix;
  return segments;
}

// What another writer's folder or file, made between a look and a rename, comes out as.
bool may_be_a_race(const DiskError& error) {
  return error.code == EEXIST || error.code == ENOENT || error.code == ENOTDIR ||
         error.code == EISDIR;
}

void remove_if_unchanged(const Folder& root, const std::string& path, const FileIdentity& file) {
  auto names = split_path(path);
  const std::string name = std::move(names.back());
  names.pop_back();
  const auto folder = root.descend(names);
  if (!folder) return;
  const auto entry = folder->look(name);
  if (entry && entry->kind == EntryKind::file && entry->identity == file) folder->remove(name);
}

void remove_if_empty(const Folder& root, const std::string& path) {
  auto names = split_path(path);
  const std::string name = std::move(names.back());
  names.pop_back();
  if (const auto folder = root.descend(names)) folder->remove_folder(name);
}

}  // namespace

// One writer of a key at a time, and none during clear().
class ObjectStore::Claim {
 public:
  Claim(ObjectStore& store, Name name) : store_(store), name_(std::move(name)) {
    const MutexLock lock(store_.mutex_);
    while (store_.clearing_ || store_.claimed_.contains(name_)) store_.changed_.wait(store_.mutex_);
    store_.claimed_.insert(name_);
  }
  ~Claim() {
    const MutexLock lock(store_.mutex_);
    store_.claimed_.erase(name_);
    store_.changed_.notify_all();
  }
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

 private:
  ObjectStore& store_;
  const Name name_;
};

ObjectStore::ObjectStore(std::filesystem::path root)
    : root_(std::move(root)), temporary_prefix_(std::to_string(Random::seed_from_system())) {}

std::string ObjectStore::escaped_key(std::string_view key) {
  std::vector<std::string> names;
  for (const auto& segment : escaped_segments(key)) {
    for (auto& name : names_of(segment)) names.push_back(std::move(name));
  }
  return joined(names);
}

std::optional<std::string> ObjectStore::put(const std::string& bucket, const std::string& key,
                                            std::string_view bytes, const ObjectInfo& info,
                                            TimePoint now) {
  const auto folder = escaped_bucket(bucket);
  if (!folder) return "no folder can stand for the bucket named \"" + bucket + '"';
  const auto longest = root_ / "s3" / kSidecars / *folder / (escaped_key(key) + kSidecarSuffix);
  if (longest.native().size() >= PATH_MAX) {
    return "cannot write the object " + bucket + '/' + key + ": its path would have over " +
           std::to_string(PATH_MAX - 1) + " bytes";
  }

  const Claim claim(*this, {bucket, key});
  const auto before = find({bucket, key});
  Written next;
  next.object = {bucket, key, "", bytes.size(), etag_of(bytes), now, info};
  std::vector<std::string> made;
  const auto failure = write(*folder, next, before, bytes, made);

  const MutexLock lock(mutex_);
  made_.insert(made.begin(), made.end());
  if (failure) return sentence(*failure);
  objects_.insert_or_assign({bucket, key}, std::move(next));
  return std::nullopt;
}

// All bytes are on the disk before anything is changed that a reader sees: a disk that is full
// leaves what was there.
std::optional<DiskError> ObjectStore::write(const std::string& bucket_folder, Written& next,
                                            const std::optional<Written>& before,
                                            std::string_view bytes,
                                            std::vector<std::string>& made) {
  const auto root = Folder::make_root(root_, made);
  if (!root) return root.error();
  const auto hidden = root->make_child(kSidecars, made);
  if (!hidden) return hidden.error();
  const auto temporaries = hidden->make_child(kTemporaries, made);
  if (!temporaries) return temporaries.error();

  Temporary file(*temporaries, next_temporary_name());
  const auto identity = file.write(bytes);
  if (!identity) return identity.error();
  next.identity = *identity;
  Temporary sidecar(*temporaries, next_temporary_name());
  const auto sidecar_identity = sidecar.write(sidecar_text(next.object));
  if (!sidecar_identity) return sidecar_identity.error();
  next.sidecar_identity = *sidecar_identity;

  const auto publish = [&]() -> std::optional<DiskError> {
    const auto bucket = root->make_child(bucket_folder, made);
    if (!bucket) return bucket.error();
    const auto place = before ? same_place(*root, before->object.path, made)
                              : find_place(*bucket, escaped_segments(next.object.key), made);
    if (!place) return place.error();
    const bool ours =
        before && place->entry.kind == EntryKind::file && place->entry.identity == before->identity;
    if (place->entry.kind != EntryKind::none && !ours) {
      return place->folder.error(place->name, EEXIST);
    }
    next.object.path = place->path();

    // A sidecar that is left there belongs to no object, so it may go.
    const auto beside = before ? same_place(*root, before->sidecar_path, made)
                               : find_place(*hidden, sidecar_segments(next.object.path), made);
    if (!beside) return beside.error();
    next.sidecar_path = beside->path();
    if (const auto failure = sidecar.move_to(*beside, true)) return failure;
    const auto failure = file.move_to(*place, ours);
    if (failure) sidecar.take_back(*beside);
    return failure;
  };
  constexpr int kAttempts = 3;
  auto failure = publish();
  for (int i = 1; i < kAttempts && failure && may_be_a_race(*failure); ++i) failure = publish();
  return failure;
}

std::optional<std::string> ObjectStore::get(const std::string& bucket,
                                            const std::string& key) const {
  const auto written = find({bucket, key});
  if (!written) return std::nullopt;
  const auto root = Folder::open_root(root_);
  if (!root) return std::nullopt;
  auto names = split_path(written->object.path);
  const std::string name = std::move(names.back());
  names.pop_back();
  const auto folder = root->descend(names);
  if (!folder) return std::nullopt;
  auto bytes = folder->read(name);
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

std::vector<StoredObject> ObjectStore::list() const {
  const MutexLock lock(mutex_);
  std::vector<StoredObject> all;
  all.reserve(objects_.size());
  for (const auto& [name, written] : objects_) all.push_back(written.object);
  return all;
}

std::size_t ObjectStore::count() const {
  const MutexLock lock(mutex_);
  return objects_.size();
}

void ObjectStore::clear() {
  std::map<Name, Written> objects;
  std::set<std::string> made;
  {
    const MutexLock lock(mutex_);
    while (clearing_) changed_.wait(mutex_);
    clearing_ = true;
    while (!claimed_.empty()) changed_.wait(mutex_);
    objects.swap(objects_);
    made.swap(made_);
  }
  if (const auto root = Folder::open_root(root_)) {
    for (const auto& [name, written] : objects) {
      remove_if_unchanged(*root, written.object.path, written.identity);
      remove_if_unchanged(*root, written.sidecar_path, written.sidecar_identity);
    }
    const bool made_root = made.erase("") > 0;
    // Backwards, a folder comes behind what is in it.
    for (auto path = made.rbegin(); path != made.rend(); ++path) remove_if_empty(*root, *path);
    std::error_code ignored;
    if (made_root) std::filesystem::remove(root_ / "s3", ignored);
  }
  const MutexLock lock(mutex_);
  clearing_ = false;
  changed_.notify_all();
}

std::optional<ObjectStore::Written> ObjectStore::find(const Name& name) const {
  const MutexLock lock(mutex_);
  const auto found = objects_.find(name);
  if (found == objects_.end()) return std::nullopt;
  return found->second;
}

std::string ObjectStore::next_temporary_name() {
  const MutexLock lock(mutex_);
  return temporary_prefix_ + '-' + std::to_string(++temporary_names_);
}

std::string ObjectStore::sentence(const DiskError& error) const {
  const auto path = (root_ / "s3" / error.path).string();
  if (error.code == EEXIST) {
    return "cannot write " + path + ": a file that this process did not write is there";
  }
  return "cannot write " + path + ": " +
         std::error_code(error.code, std::generic_category()).message();
}

}  // namespace hydrant::objects
