#include "services/firehose/shapes/patterns.h"

#include <vector>

#include "services/firehose/reading.h"

namespace hydrant::firehose::shapes {
namespace {

using namespace reading;

bool is_label_character(char c) { return is_alphanumeric(c) || c == '-'; }
bool is_lower_label_character(char c) { return is_lower(c) || is_digit(c) || c == '-'; }
bool is_host_character(char c) { return is_label_character(c) || c == '.'; }

bool is_host_label(Text label) {
  constexpr std::size_t kMax = 63;
  return !label.empty() && label.size() <= kMax && all(label, &is_label_character) &&
         label.front() != '-' && label.back() != '-';
}

// Labels, then "redshift" or "redshift-serverless" as one of its own, then anything of a host.
bool is_redshift_host(Text host) {
  for (std::size_t begin = 0;;) {
    const auto dot = host.find('.', begin);
    if (dot == Text::npos) return false;
    const Text label = host.substr(begin, dot - begin), rest = host.substr(dot + 1);
    const bool is_service = label == "redshift" || label == "redshift-serverless";
    if (begin > 0 && is_service && !rest.empty() && all(rest, &is_host_character)) return true;
    if (!is_host_label(label)) return false;
    begin = dot + 1;
  }
}

std::vector<Text> split(Text text, char at) {
  std::vector<Text> parts;
  for (;;) {
    const auto found = text.find(at);
    parts.push_back(text.substr(0, found));
    if (found == Text::npos) return parts;
    text.remove_prefix(found + 1);
  }
}

bool begins_one_line(Text text, Text begin) { return text.starts_with(begin) && is_one_line(text); }

}  // namespace

bool is_search_domain_arn(Text text) {
  constexpr Text kKind = "domain/";
  constexpr std::size_t kMin = 3, kMax = 28;
  const ArnTail arn(text);
  if (!arn.is_of("es") || !arn.has_region() || !arn.has_account()) return false;
  if (!arn.names(kKind, &is_lower_label_character)) return false;
  const auto name = arn.resource.substr(kKind.size());
  return name.size() >= kMin && name.size() <= kMax && is_lower(name.front());
}

bool is_https_text(Text text) { return begins_one_line(text, "https:"); }
bool is_https_url(Text text) { return begins_one_line(text, "https://"); }
bool is_s3_url(Text text) { return begins_one_line(text, "s3://"); }
bool is_any_arn(Text text) { return begins_one_line(text, "arn:"); }

bool is_jdbc_url(Text text) {
  constexpr Text kRedshift = "jdbc:redshift://", kPostgres = "jdbc:postgresql://";
  constexpr std::size_t kPortDigitsMax = 5;
  if (!text.starts_with(kRedshift) && !text.starts_with(kPostgres)) return false;
  text.remove_prefix(text.starts_with(kRedshift) ? kRedshift.size() : kPostgres.size());
  const auto slash = text.find('/');
  if (slash == Text::npos) return false;
  const Text database = text.substr(slash + 1);
  Text host = text.substr(0, slash);
  if (host.find(':') == Text::npos) return false;
  const Text port = take_last(host);
  const auto fits = [](char c) { return is_alphanumeric(c) || is_one_of(c, "_$-"); };
  return !database.empty() && all(database, fits) && !port.empty() &&
         port.size() <= kPortDigitsMax && all(port, &is_digit) && is_redshift_host(host);
}

bool is_secret_arn(Text text) {
  const ArnTail arn(text, 1);
  return arn.is_of("secretsmanager") && arn.has_region() && arn.has_account() &&
         arn.names("secret:",
                   [](char c) { return is_alphanumeric(c) || is_one_of(c, "-/_+=.@!"); });
}

bool is_snowflake_url(Text text) {
  constexpr Text kEnd = ".snowflakecomputing.com";
  return text.size() > kEnd.size() && text.ends_with(kEnd) && is_one_line(text);
}

bool is_base64_key(Text text) {
  if (text.size() % 4 != 0) return false;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return all(text, [](char c) { return is_alphanumeric(c) || c == '+' || c == '/'; });
}

// Two or three labels, vpce, a region, vpce-svc-...
bool is_endpoint_service_name(Text text) {
  constexpr Text kService = "vpce-svc-";
  constexpr std::size_t kIdLength = 17;
  const auto labels = split(text, '.');
  if (labels.size() != 5 && labels.size() != 6) return false;
  const auto own = labels.size() - 3;
  for (std::size_t i = 0; i < own; ++i) {
    const auto fits = [](char c) { return is_label_character(c) || c == '_'; };
    if (labels[i].empty() || !all(labels[i], fits)) return false;
  }
  const Text service = labels.back();
  return labels[own] == "vpce" && all(labels[own + 1], &is_label_character) &&
         service.starts_with(kService) && service.size() == kService.size() + kIdLength &&
         all(service, &is_label_character);
}

bool is_catalog_arn(Text text) {
  constexpr std::size_t kLevelsMax = 2;
  const ArnTail arn(text);
  if (!arn.is_of("glue") || !arn.has_account()) return false;
  const auto parts = split(arn.resource, '/');
  if (parts[0] != "catalog" || parts.size() > 1 + kLevelsMax) return false;
  return std::ranges::all_of(parts, [](Text part) {
    return !part.empty() &&
           all(part, [](char c) { return is_lower_label_character(c) || c == '_'; });
  });
}

bool is_table_name(Text text) {
  return !text.empty() &&
         all(text, [](char c) { return is_alphanumeric(c) || c == '.' || c == '_'; });
}

bool is_topic_name(Text text) {
  return !text.empty() &&
         all(text, [](char c) { return is_alphanumeric(c) || is_one_of(c, "\\._-"); });
}

bool has_no_nul(Text text) { return text.find('\0') == Text::npos; }

}  // namespace hydrant::firehose::shapes
