#include "engine/objects/placement.h"

#include <cerrno>
#include <utility>

#include "engine/objects/key_path.h"

namespace hydrant::objects {
namespace {

// What opening a name as a folder says when it is a file or a symbolic link.
bool is_no_folder(const DiskError& error) { return error.code == ENOTDIR || error.code == ELOOP; }

std::vector<std::string> taken_names_of(const std::string& segment) {
  return names_of(segment + std::string(kTaken));
}

DiskResult<Folder> make_folder(const Folder& in, const std::string& segment,
                               std::vector<std::string>& made) {
  auto folder = in.make_descend(names_of(segment), made);
  if (folder || !is_no_folder(folder.error())) return folder;
  return in.make_descend(taken_names_of(segment), made);
}

DiskResult<Place> place_at(const Folder& in, std::vector<std::string> names,
                           std::vector<std::string>& made) {
  std::string name = std::move(names.back());
  names.pop_back();
  auto folder = in.make_descend(names, made);
  if (!folder) return folder.error();
  const auto entry = folder->look(name);
  if (!entry) return entry.error();
  if (entry->kind == EntryKind::folder) return folder->error(name, EISDIR);
  return Place{std::move(*folder), std::move(name), *entry};
}

}  // namespace

DiskResult<Place> find_place(const Folder& base, const std::vector<std::string>& segments,
                             std::vector<std::string>& made) {
  auto folder = base.descend({});
  for (std::size_t i = 0; folder && i + 1 < segments.size(); ++i) {
    folder = make_folder(*folder, segments[i], made);
  }
  if (!folder) return folder.error();

  auto place = place_at(*folder, names_of(segments.back()), made);
  if (place || (place.error().code != EISDIR && !is_no_folder(place.error()))) return place;
  return place_at(*folder, taken_names_of(segments.back()), made);
}

DiskResult<Place> same_place(const Folder& root, const std::string& path,
                             std::vector<std::string>& made) {
  return place_at(root, split_path(path), made);
}

}  // namespace hydrant::objects
