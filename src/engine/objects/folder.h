// Folder: an open directory below root/s3. The tree is walked one open folder at a time, and never
// through a symbolic link: a path given as a whole could be led out of its bucket by a link that
// somebody put there, between a check and its use even, and is limited to PATH_MAX besides.
#pragma once
#include <sys/types.h>

#include <boost/system/result.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::objects {

struct DiskError {
  int code = 0;      // an errno
  std::string path;  // relative to root/s3
};

template <class T>
using DiskResult = boost::system::result<T, DiskError>;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  int close();  // 0, or the errno: some file systems tell only here that the disk is full

 private:
  int fd_;
};

// Which file a name stood for; a name that was taken over by another file has another identity.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};

enum class EntryKind { none, file, folder, other };  // other: a link, a socket ...

struct Entry {
  EntryKind kind = EntryKind::none;
  FileIdentity identity;
};

class Folder {
 public:
  // root/s3 itself. It may be a link: that is the user's own choice of a disk.
  static DiskResult<Folder> open_root(const std::filesystem::path& root);
  // The same, made where it is missing.
  static DiskResult<Folder> make_root(const std::filesystem::path& root,
                                      std::vector<std::string>& made);

  // Any other folder as a root, made where it is missing: paths are relative to it then.
  static DiskResult<Folder> make(const std::filesystem::path& folder);

  DiskResult<Folder> child(const std::string& name) const;
  // Made where it is missing; the path of what was made is added to `made`.
  DiskResult<Folder> make_child(const std::string& name, std::vector<std::string>& made) const;
  DiskResult<Folder> descend(const std::vector<std::string>& names) const;
  DiskResult<Folder> make_descend(const std::vector<std::string>& names,
                                  std::vector<std::string>& made) const;

  DiskResult<Entry> look(const std::string& name) const;
  DiskResult<std::string> read(const std::string& name) const;
  DiskResult<FileIdentity> write_new(const std::string& name, std::string_view bytes) const;
  // At the end of a file, which is made where it is missing, and emptied before if `anew`.
  std::optional<DiskError> append(const std::string& name, std::string_view bytes, bool anew) const;
  std::optional<DiskError> remove(const std::string& name) const;
  std::optional<DiskError> remove_folder(const std::string& name) const;  // if it is empty

  // Renames `name` to `to_name` of another folder. EEXIST if that is there, unless `replace`.
  std::optional<DiskError> move(const std::string& name, const Folder& to,
                                const std::string& to_name, bool replace) const;

  const std::string& path() const { return path_; }  // relative to root/s3
  DiskError error(const std::string& name, int code) const;

 private:
  Folder(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  DiskResult<Folder> again() const;

  Descriptor descriptor_;
  std::string path_;
};

}  // namespace hydrant::objects
