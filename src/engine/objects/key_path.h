// How a key becomes a path, and back.
//
// A key is cut at its slashes, and every segment is a name in the file system, as it stands, unless
// a file system could not hold it. Then it is percent-escaped; since a segment that holds a `%XX`
// of its own is escaped too, each path stands for one key only:
//
//   %2E  a dot of a segment that is `.` or `..`, or the one that begins `.hydrant`
//   %25  the `%` of a `%XX` in the key                 %00  a NUL
//   %2F  alone: an empty segment (the key `a//b` is the file a/%2F/b, the key `a/` is a/%2F)
//   %2B  at the end of a name: the segment goes on in the next name. A segment over 255 bytes is
//        thus a chain of folders.
//   %7E  at the end of a segment: its name was taken by a folder where it is a file, or by a file
//        where it is a folder. Whoever comes later has it.
//
// A bucket is one name, escaped likewise, where %2F is a slash in it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::objects {

inline constexpr std::size_t kNameBytesMax = 255;
inline constexpr std::string_view kTaken = "%7E";

// One text per segment, escaped, of any length.
std::vector<std::string> escaped_segments(std::string_view key);

// The names of at most kNameBytesMax bytes that an escaped segment is made of.
std::vector<std::string> names_of(std::string_view escaped_segment);

std::string joined(const std::vector<std::string>& names);  // with slashes
std::vector<std::string> split_path(std::string_view path);

// None for a name that no folder can have: empty, or too long when escaped.
std::optional<std::string> escaped_bucket(std::string_view bucket);

// The key of a path below the bucket's folder.
std::string key_of_path(std::string_view path);

}  // namespace hydrant::objects
