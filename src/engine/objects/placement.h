// Where in a tree of folders a file goes, when other files and folders are there already.
#pragma once
#include <string>
#include <vector>

#include "engine/objects/folder.h"

namespace hydrant::objects {

// A name in an open folder, and what has that name now: nothing, or a file, never a folder.
struct Place {
  Folder folder;
  std::string name;
  Entry entry;

  std::string path() const { return folder.error(name, 0).path; }
};

// The place for a path of escaped segments below `base`; makes the folders on the way. Where a file
// (or link) has the name of a folder on the way, or a folder the name of the file, that segment is
// marked as taken.
DiskResult<Place> find_place(const Folder& base, const std::vector<std::string>& segments,
                             std::vector<std::string>& made);

// The place that an earlier find_place() gave, as a path relative to root/s3.
DiskResult<Place> same_place(const Folder& root, const std::string& path,
                             std::vector<std::string>& made);

}  // namespace hydrant::objects
