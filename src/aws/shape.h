// Declared input: a struct names each wire member once, bound to where it is kept and with its
// rules.
//
//   struct Input {
//     std::optional<std::string_view> stream_name;
//     Blob data;
//     static constexpr auto shape() {
//       return fields(field("StreamName", &Input::stream_name, kStreamName),
//                     field("Data", &Input::data, length(0, 10 * kMiB)));
//     }
//   };
//
// A member that is not std::optional is required. decode() takes the document straight from the
// reader into the struct: a wrong type ends it at once, broken rules are collected. Views point
// into the document.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "aws/error.h"
#include "aws/reader.h"
#include "aws/rules.h"
#include "aws/validation.h"

namespace hydrant::aws {

struct Blob {
  std::string_view bytes;
};
using TextMap = std::vector<std::pair<std::string_view, std::string_view>>;

template <class Struct, class Member>
struct Field {
  using Type = Member;
  std::string_view name;
  Member Struct::*member;
  Rules rules;
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(std::string_view name, Member Struct::*member,
                                      Rules rules = {}) {
  return {name, member, rules};
}

template <class... Fields>
constexpr auto fields(Fields... list) {
  return std::tuple<Fields...>(list...);
}

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;
template <>
inline constexpr bool kIsList<TextMap> = false;
template <class T>
concept Structure = requires { T::shape(); };

// Decodes one document. After it, error() says what was wrong with it, if anything was.
class Decoder {
 public:
  Decoder(Reader& reader, bool show_values) : reader_(reader), violations_(show_values) {}

  // The whole document, which must be a map.
  template <Structure T>
  [[nodiscard]] std::optional<Error> decode(T& to) {
    if (reader_.kind() != Kind::map) return Error::malformed();
    if (!read(to)) return error_ ? error_ : Error::malformed();
    if (!reader_.finished()) return Error::malformed();
    if (!violations_.empty()) return violations_.error();
    return std::nullopt;
  }

 private:
  // More than any list may hold: one that is longer breaks its rules as well without the rest, and
  // an element may take much more memory here than it does in the document.
  static constexpr std::size_t kElementsKept = 20'000;

  bool refuse(Error error) {
    error_ = std::move(error);
    return false;
  }
  bool expect(Target target, Kind wanted) {
    const Kind given = reader_.kind();
    if (given == wanted) return true;
    if (given == Kind::malformed) return false;
    return refuse(wrong_type(target, given));
  }

  bool read(std::string_view& to) {
    if (!expect(Target::text, Kind::text)) return false;
    to = reader_.text();
    return true;
  }
  bool read(std::int32_t& to) {
    if (!expect(Target::integer, Kind::number)) return false;
    to = static_cast<std::int32_t>(
        std::clamp<std::int64_t>(reader_.integer(), INT32_MIN, INT32_MAX));
    return true;
  }
  bool read(std::int64_t& to) {
    if (!expect(Target::long_integer, Kind::number)) return false;
    to = reader_.integer();
    return true;
  }
  bool read(bool& to);
  bool read(Blob& to) {
    if (!expect(Target::blob, reader_.blob_kind())) return false;
    const BlobRead blob = reader_.blob();
    if (blob.error != Base64Error::none) return refuse(bad_blob(blob));
    to.bytes = blob.bytes;
    return true;
  }
  bool read(TimePoint& to) {
    if (!expect(Target::timestamp, Kind::number)) return false;
    to = reader_.timestamp();
    return true;
  }
  bool read(TextMap& to);

  template <class T>
  bool read(std::vector<T>& to) {
    if (!expect(Target::list, Kind::list)) return false;
    reader_.enter();
    for (std::size_t number = 1; reader_.next_element(); ++number) {
      if (number > kElementsKept) continue;  // the reader passes over it
      path_.push_element(number);
      if (!read(to.emplace_back()) && !pass_null(to.back())) return false;
      path_.pop();
    }
    return !reader_.failed();
  }
  // null in a list breaks a rule rather than being of a wrong type. Elements seldom are, so it is
  // looked for once one could not be read. A text without bytes stands for it, which breaks the
  // rules of any element.
  bool pass_null(const std::string_view&) { return is_at_null(); }
  template <Structure T>
  bool pass_null(const T&) {
    if (!is_at_null()) return false;
    violations_.missing(path_);
    return true;
  }
  bool is_at_null() {
    if (reader_.kind() != Kind::null) return false;
    error_.reset();
    return true;
  }

  // What a list of structures breaks itself is told before what its elements break, of which there
  // may be more than are told in all.
  template <Structure T>
  bool read_checked(const Rules& rules, std::vector<T>& to) {
    Violations before = std::exchange(violations_, violations_.none());
    const bool good = read(to);
    const Violations of_elements = std::exchange(violations_, std::move(before));
    if (!good) return false;
    violations_.check_length(path_, rules, static_cast<std::int64_t>(to.size()),
                             [&] { return print(to); });
    violations_.append(of_elements);
    return true;
  }
  template <class T>
  bool read_checked(const Rules&, T& to) {
    return read(to);
  }

  template <Structure T>
  bool read(T& to) {
    if (!expect(Target::structure, Kind::map)) return false;
    static constexpr auto kShape = T::shape();
    std::uint32_t present = 0;
    reader_.enter();
    std::string_view name;
    while (reader_.next_member(name)) {
      bool good = true;
      const bool known = std::apply(
          [&](const auto&... each) {
            std::uint32_t bit = 1;
            return ((each.name == name ? (good = read_member(each, to, present, bit), true)
                                       : (bit <<= 1, false)) ||
                    ...);
          },
          kShape);
      if (!known) reader_.skip();  // members that the model does not know are ignored
      if (!good) return false;
    }
    if (reader_.failed()) return false;
    std::apply(
        [&](const auto&... each) {
          std::uint32_t bit = 1;
          ((check_member(each, to, (present & bit) != 0), bit <<= 1), ...);
        },
        kShape);
    return true;
  }

  // null is absence.
  template <class F, class T>
  bool read_member(const F& field, T& to, std::uint32_t& present, std::uint32_t bit) {
    if (reader_.kind() == Kind::null) return true;
    present |= bit;
    path_.push(field.name);
    auto& member = to.*field.member;
    bool good = false;
    if constexpr (kIsOptional<typename F::Type>) {
      good = read_checked(field.rules, member.emplace());
    } else {
      member = {};  // of a member that is given twice the last one counts
      good = read_checked(field.rules, member);
    }
    path_.pop();
    return good;
  }

  template <class F, class T>
  void check_member(const F& field, const T& from, bool present) {
    const auto& member = from.*field.member;
    if constexpr (kIsOptional<typename F::Type>) {
      if (present) check_value(field, *member);
    } else if (present) {
      check_value(field, member);
    } else {
      explain(field, [&] { violations_.missing(path_); });
    }
  }

  // Most values keep their rules, so only for one that does not is anything made ready to say so.
  template <class F, class T>
  void check_value(const F& field, const T& value) {
    if (!keeps(field.rules, value)) explain(field, [&] { check(field.rules, value); });
  }
  template <class F, class Check>
  void explain(const F& field, const Check& check) {
    if (violations_.full()) return;
    path_.push(field.name);
    check();
    path_.pop();
  }
  template <class T>
  static bool keeps(const Rules&, const T&) {
    return false;  // not known yet
  }
  template <Structure T>
  static bool keeps(const Rules&, const std::vector<T>&) {
    return true;  // checked when it was read
  }
  static bool keeps(const Rules& rules, std::string_view value) {
    const auto bytes = static_cast<std::int64_t>(value.size());
    return rules.pattern == nullptr && rules.values.empty() && rules.length_min <= 1 &&
           bytes >= rules.length_min && bytes <= rules.length_max;
  }
  static bool keeps(const Rules& rules, const Blob& value) {
    const auto bytes = static_cast<std::int64_t>(value.bytes.size());
    return bytes >= rules.length_min && bytes <= rules.length_max;
  }

  void check(const Rules& rules, std::string_view value) {
    violations_.check_text(path_, rules, value);
  }
  void check(const Rules& rules, std::int32_t value) {
    violations_.check_integer(path_, rules, value);
  }
  void check(const Rules& rules, std::int64_t value) {
    violations_.check_integer(path_, rules, value);
  }
  void check(const Rules&, bool) {}
  void check(const Rules&, TimePoint) {}
  void check(const Rules& rules, const Blob& value) {
    violations_.check_length(path_, rules, static_cast<std::int64_t>(value.bytes.size()),
                             [&] { return print_blob(value.bytes.size()); });
  }
  void check(const Rules& rules, const std::vector<std::string_view>& value) {
    violations_.check_texts(path_, rules, value);
  }
  void check(const Rules& rules, const TextMap& value) {
    violations_.check_map(path_, rules, value);
  }
  template <Structure T>
  void check(const Rules&, const std::vector<T>&) {}
  template <Structure T>
  void check(const Rules&, const T&) {}

  // As Java's toString of a generated class prints it.
  template <Structure T>
  static std::string print(const std::vector<T>& list) {
    std::string text = "[";
    for (const auto& element : list) {
      if (text.size() > 1) text += ", ";
      text += T::kTypeName;
      text += '(';
      std::apply(
          [&](const auto&... each) {
            bool first = true;
            ((text += (first ? "" : ", "), first = false, text += lower_first(each.name),
              text += '=', text += print(element.*each.member)),
             ...);
          },
          T::shape());
      text += ')';
    }
    return text + "]";
  }
  static std::string print(std::string_view text) {
    return std::string(text.data() ? text : "null");
  }
  static std::string print(const Blob& blob) {
    return blob.bytes.data() ? print_blob(blob.bytes.size()) : "null";
  }
  template <class T>
  static std::string print(const std::optional<T>& value) {
    return value ? print(*value) : "null";
  }

  Reader& reader_;
  Path path_;
  Violations violations_;
  std::optional<Error> error_;
};

}  // namespace hydrant::aws
