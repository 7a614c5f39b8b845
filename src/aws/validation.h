// The exact texts of SerializationException (wrong types) and ValidationException (broken rules).
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "aws/reader.h"
#include "aws/rules.h"

namespace hydrant::aws {

enum class Target {
  text,
  integer,
  long_integer,
  floating,
  boolean,
  blob,
  timestamp,
  list,
  map,
  structure
};

// What the service says of a value of `given` kind where `target` is expected.
Error wrong_type(Target target, Kind given);
Error bad_boolean(std::string_view text);
Error bad_blob(const BlobRead& read);

// Where in the document a member lies: "records.1.member.partitionKey". Kept for each member of
// each request, so the usual depth needs no memory of its own.
class Path {
 public:
  void push(std::string_view member) { add({member, 0}); }
  void push_element(std::size_t number) { add({{}, number}); }  // from 1
  void pop() {
    if (--depth_ >= kNear) far_.pop_back();
  }
  std::string str() const;

 private:
  static constexpr std::size_t kNear = 6;
  struct Part {
    std::string_view member;
    std::size_t element = 0;
  };
  void add(const Part& part) {
    if (depth_ < kNear) {
      near_[depth_] = part;
    } else {
      far_.push_back(part);
    }
    ++depth_;
  }

  std::size_t depth_ = 0;
  std::array<Part, kNear> near_;
  std::vector<Part> far_;  // what lies deeper
};

// "StreamName" -> "streamName"
std::string lower_first(std::string_view name);

// Broken rules of one request. The service lists ten at the most, and then says that there are ten.
class Violations {
 public:
  // Kinesis prints the offending value, Firehose (since about 2021) does not.
  explicit Violations(bool show_values) : show_values_(show_values) {}

  bool empty() const { return items_.empty(); }
  bool full() const { return items_.size() >= kMax; }
  Error error() const;
  Violations none() const { return Violations(show_values_); }
  void append(const Violations& others);  // as many as are told in all

  void missing(const Path& path);
  // `print` yields the value as the service shows it; called only if something is to be said.
  using Print = std::function<std::string()>;
  void check_text(const Path& path, const Rules& rules, std::string_view text);
  void check_integer(const Path& path, const Rules& rules, std::int64_t value);
  void check_double(const Path& path, double min, double max, double value);
  void check_length(const Path& path, const Rules& rules, std::int64_t length, const Print& print);
  void check_texts(const Path& path, const Rules& rules,
                   const std::vector<std::string_view>& texts);
  void check_map(const Path& path, const Rules& rules,
                 const std::vector<std::pair<std::string_view, std::string_view>>& entries);

 private:
  static constexpr std::size_t kMax = 10;
  void add(const Path& path, const Print& print, std::string_view constraint);

  bool show_values_;
  std::vector<std::string> items_;
};

std::string print_blob(std::size_t size);

}  // namespace hydrant::aws
