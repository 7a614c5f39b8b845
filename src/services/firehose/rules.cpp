#include "services/firehose/rules.h"

#include <algorithm>
#include <cstddef>

namespace hydrant::firehose {
namespace {

using Text = std::string_view;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_alphanumeric(char c) { return is_digit(c) || is_letter(c); }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_one_of(char c, Text set) { return set.find(c) != Text::npos; }

bool all(Text text, bool (*fits)(char)) { return std::ranges::all_of(text, fits); }

bool is_name_character(char c) { return is_alphanumeric(c) || is_one_of(c, "_.-"); }
bool is_region_character(char c) { return is_alphanumeric(c) || c == '-'; }
bool is_path_character(char c) { return is_alphanumeric(c) || is_one_of(c, "_+=,.@-/"); }

// Cuts off what follows the last colon.
Text take_last(Text& text) {
  const auto colon = text.rfind(':');
  const Text last = colon == Text::npos ? text : text.substr(colon + 1);
  text = colon == Text::npos ? Text() : text.substr(0, colon);
  return last;
}

// An ARN whose head is the pattern "arn:.*": that may hold colons, so it is read from its end,
// where no part may.
struct ArnTail {
  Text service, region, account, resource;
  bool complete = false;

  explicit ArnTail(Text text) {
    resource = take_last(text);
    account = take_last(text);
    region = take_last(text);
    service = take_last(text);
    complete = text.starts_with("arn:") && is_one_line(text);
  }
  bool is_of(Text wanted) const { return complete && service == wanted; }
  bool has_account() const { return account.size() == 12 && all(account, &is_digit); }
  bool has_region() const { return !region.empty() && all(region, &is_region_character); }
  bool names(Text kind, bool (*fits)(char)) const {
    return resource.starts_with(kind) && resource.size() > kind.size() &&
           all(resource.substr(kind.size()), fits);
  }
};

// Letters, digits and separators of other scripts are not told from their symbols: taken as the
// former.
bool is_tag_character(char c) {
  return is_alphanumeric(c) || is_one_of(c, " _.:/=+-@%") || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool is_delivery_stream_name(Text text) { return !text.empty() && all(text, &is_name_character); }

bool is_role_arn(Text text) {
  const ArnTail arn(text);
  return arn.is_of("iam") && arn.region.empty() && arn.has_account() &&
         arn.names("role/", &is_path_character);
}

bool is_bucket_arn(Text text) {
  constexpr std::size_t kNameMax = 255;
  const ArnTail arn(text);
  return arn.is_of("s3") && arn.region.empty() && arn.account.empty() &&
         arn.resource.size() <= kNameMax && arn.names("", &is_name_character);
}

bool is_kinesis_stream_arn(Text text) {
  const ArnTail arn(text);
  return arn.is_of("kinesis") && arn.has_region() && arn.has_account() &&
         arn.names("stream/", &is_name_character);
}

bool is_kms_key_arn(Text text) {
  const ArnTail arn(text);
  return arn.is_of("kms") && arn.has_region() && arn.has_account() &&
         (arn.names("key/", &is_path_character) || arn.names("alias/", &is_path_character));
}

// A dot matches anything but the ends of lines, of which Java knows three outside of ASCII.
bool is_one_line(Text text) {
  if (text.find_first_of("\n\r") != Text::npos) return false;
  return std::ranges::none_of(std::initializer_list<Text>{"\u0085", "\u2028", "\u2029"},
                              [&](Text end) { return text.find(end) != Text::npos; });
}

bool is_without_space(Text text) { return !text.empty() && std::ranges::none_of(text, &is_space); }

bool is_not_blank(Text text) { return is_one_line(text) && !all(text, &is_space); }

bool is_log_group_name(Text text) {
  return all(text, [](char c) { return is_alphanumeric(c) || is_one_of(c, ".-_/#"); });
}

bool is_log_stream_name(Text text) { return text.find_first_of(":*") == Text::npos; }

// One that is too long is refused for its length alone.
bool is_file_extension(Text text) {
  constexpr std::size_t kMax = 128;
  if (text.empty() || text.size() > kMax) return true;
  const auto fits = [](char c) { return is_digit(c) || is_lower(c) || is_one_of(c, "!-_.*'()"); };
  return text.size() > 1 && text[0] == '.' && all(text.substr(1), fits);
}

bool is_time_zone_text(Text text) {
  return all(text, [](char c) { return is_letter(c) || c == '/' || c == '_'; });
}

bool is_version_id(Text text) { return !text.empty() && all(text, &is_digit); }
bool is_destination_id(Text text) { return !text.empty() && all(text, &is_region_character); }
bool is_tag_key(Text text) { return !text.starts_with("aws:") && all(text, &is_tag_character); }
bool is_tag_value(Text text) { return all(text, &is_tag_character); }

}  // namespace hydrant::firehose
