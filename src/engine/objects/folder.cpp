#include "engine/objects/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace hydrant::objects {
namespace {

constexpr int kFolderFlags = O_PATH | O_DIRECTORY | O_CLOEXEC;
constexpr const char* kRootName = "s3";

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// A file system that knows what will come finds room for it at once, which is a third of the price
// of writing. One that cannot tells so when it is written.
void announce(int fd, std::size_t bytes) {
  constexpr std::size_t kWorthAnnouncing = 1024 * 1024;
  if (bytes >= kWorthAnnouncing) (void)::fallocate(fd, 0, 0, static_cast<off_t>(bytes));
}

int read_all(int fd, std::string& bytes) {
  char block[64 * 1024];
  while (true) {
    const auto got = ::read(fd, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    bytes.append(block, static_cast<std::size_t>(got));
  }
}

EntryKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return EntryKind::file;
  return S_ISDIR(mode) ? EntryKind::folder : EntryKind::other;
}

FileIdentity identity_of(const struct stat& status) { return {status.st_dev, status.st_ino}; }

}  // namespace

Descriptor::~Descriptor() { close(); }

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

int Descriptor::close() {
  if (fd_ < 0) return 0;
  return ::close(std::exchange(fd_, -1)) == 0 ? 0 : errno;
}

DiskError Folder::error(const std::string& name, int code) const {
  return {code, path_.empty() ? name : path_ + '/' + name};
}

DiskResult<Folder> Folder::open_root(const std::filesystem::path& root) {
  Descriptor descriptor(::open((root / kRootName).c_str(), kFolderFlags));
  if (!descriptor.open()) return DiskError{errno, ""};
  return Folder(std::move(descriptor), "");
}

DiskResult<Folder> Folder::make_root(const std::filesystem::path& root,
                                     std::vector<std::string>& made) {
  std::error_code failure;
  std::filesystem::create_directories(root, failure);
  if (failure) return DiskError{failure.value(), ""};
  if (::mkdir((root / kRootName).c_str(), 0777) == 0) {
    made.emplace_back();
  } else if (errno != EEXIST) {
    return DiskError{errno, ""};
  }
  return open_root(root);
}

DiskResult<Folder> Folder::make(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return DiskError{failure.value(), ""};
  Descriptor descriptor(::open(folder.c_str(), kFolderFlags));
  if (!descriptor.open()) return DiskError{errno, ""};
  return Folder(std::move(descriptor), "");
}

DiskResult<Folder> Folder::child(const std::string& name) const {
  Descriptor opened(::openat(descriptor_.get(), name.c_str(), kFolderFlags | O_NOFOLLOW));
  if (!opened.open()) return error(name, errno);
  return Folder(std::move(opened), error(name, 0).path);
}

DiskResult<Folder> Folder::make_child(const std::string& name,
                                      std::vector<std::string>& made) const {
  auto opened = child(name);  // nearly always there
  if (opened || opened.error().code != ENOENT) return opened;
  if (::mkdirat(descriptor_.get(), name.c_str(), 0777) == 0) {
    made.push_back(error(name, 0).path);
  } else if (errno != EEXIST) {
    return error(name, errno);
  }
  return child(name);
}

DiskResult<Folder> Folder::again() const {
  Descriptor opened(::openat(descriptor_.get(), ".", kFolderFlags));
  if (!opened.open()) return DiskError{errno, path_};
  return Folder(std::move(opened), path_);
}

DiskResult<Folder> Folder::descend(const std::vector<std::string>& names) const {
  std::optional<Folder> at;
  for (const auto& name : names) {
    auto next = (at ? *at : *this).child(name);
    if (!next) return next.error();
    at.emplace(std::move(*next));
  }
  if (!at) return again();
  return std::move(*at);
}

DiskResult<Folder> Folder::make_descend(const std::vector<std::string>& names,
                                        std::vector<std::string>& made) const {
  std::optional<Folder> at;
  for (const auto& name : names) {
    auto next = (at ? *at : *this).make_child(name, made);
    if (!next) return next.error();
    at.emplace(std::move(*next));
  }
  if (!at) return again();
  return std::move(*at);
}

DiskResult<Entry> Folder::look(const std::string& name) const {
  struct stat status {};
  if (::fstatat(descriptor_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return Entry{};
    return error(name, errno);
  }
  return Entry{kind_of(status.st_mode), identity_of(status)};
}

DiskResult<std::string> Folder::read(const std::string& name) const {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  const Descriptor file(::openat(descriptor_.get(), name.c_str(), kFlags));
  if (!file.open()) return error(name, errno);
  std::string bytes;
  if (const int code = read_all(file.get(), bytes)) return error(name, code);
  return bytes;
}

DiskResult<FileIdentity> Folder::write_new(const std::string& name, std::string_view bytes) const {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  Descriptor file(::openat(descriptor_.get(), name.c_str(), kFlags, 0666));
  if (!file.open()) return error(name, errno);
  struct stat status {};
  int code = ::fstat(file.get(), &status) == 0 ? 0 : errno;
  if (code == 0) announce(file.get(), bytes.size());
  if (code == 0) code = write_all(file.get(), bytes);
  const int closed = file.close();
  if (code == 0) code = closed;
  if (code == 0) return identity_of(status);
  ::unlinkat(descriptor_.get(), name.c_str(), 0);
  return error(name, code);
}

std::optional<DiskError> Folder::append(const std::string& name, std::string_view bytes,
                                        bool anew) const {
  const int flags =
      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (anew ? O_TRUNC : 0);
  Descriptor file(::openat(descriptor_.get(), name.c_str(), flags, 0666));
  if (!file.open()) return error(name, errno);
  int code = write_all(file.get(), bytes);
  const int closed = file.close();
  if (code == 0) code = closed;
  if (code == 0) return std::nullopt;
  return error(name, code);
}

std::optional<DiskError> Folder::remove(const std::string& name) const {
  if (::unlinkat(descriptor_.get(), name.c_str(), 0) == 0) return std::nullopt;
  return error(name, errno);
}

std::optional<DiskError> Folder::remove_folder(const std::string& name) const {
  if (::unlinkat(descriptor_.get(), name.c_str(), AT_REMOVEDIR) == 0) return std::nullopt;
  return error(name, errno);
}

std::optional<DiskError> Folder::move(const std::string& name, const Folder& to,
                                      const std::string& to_name, bool replace) const {
  const int from_fd = descriptor_.get(), to_fd = to.descriptor_.get();
  if (!replace) {
    if (::renameat2(from_fd, name.c_str(), to_fd, to_name.c_str(), RENAME_NOREPLACE) == 0) {
      return std::nullopt;
    }
    if (errno != EINVAL && errno != ENOSYS) return to.error(to_name, errno);
    // A file system that cannot do it in one step.
    const auto there = to.look(to_name);
    if (!there) return there.error();
    if (there->kind != EntryKind::none) return to.error(to_name, EEXIST);
  }
  if (::renameat(from_fd, name.c_str(), to_fd, to_name.c_str()) == 0) return std::nullopt;
  return to.error(to_name, errno);
}

}  // namespace hydrant::objects
