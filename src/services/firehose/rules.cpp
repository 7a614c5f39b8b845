#include "services/firehose/rules.h"

#include <algorithm>
#include <cstddef>

#include "core/unicode.h"
#include "core/utf8.h"
#include "services/firehose/reading.h"

namespace hydrant::firehose {
namespace {

using namespace reading;

// [\p{L}\p{Z}\p{N}_.:\/=+\-@%]*
bool is_tag_text(Text text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto bytes = utf8_length_at(text, at);
    if (bytes == 0) return false;
    const bool allowed = is_one_of(text[at], "_.:/=+-@%") ||
                         is_letter_number_or_space(code_point_at(text, at, bytes));
    if (!allowed) return false;
    at += bytes;
  }
  return true;
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
bool is_tag_key(Text text) { return !text.starts_with("aws:") && is_tag_text(text); }
bool is_tag_value(Text text) { return is_tag_text(text); }

}  // namespace hydrant::firehose
