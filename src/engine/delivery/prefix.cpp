#include "engine/delivery/prefix.h"

#include <algorithm>

#include "core/utf8.h"
#include "engine/delivery/date_pattern.h"

namespace hydrant::delivery {
namespace {

constexpr std::string_view kOpening = "!{";
constexpr std::string_view kTimeFolders = "yyyy/MM/dd/HH/";
constexpr std::size_t kEvaluatedLengthMax = 512;
constexpr std::size_t kRandomStringLength = 11;

// A well-formed expression: !\{[a-zA-Z]+:[^{}]*\}
struct Expression {
  std::string_view name, value;
  std::size_t length = 0;  // with its braces
};

std::optional<Expression> expression_at(std::string_view text, std::size_t at) {
  const std::size_t begin = at + kOpening.size();
  const std::size_t end = text.find_first_of("{}", begin);
  if (end == std::string_view::npos || text[end] != '}') return std::nullopt;
  const std::string_view inside = text.substr(begin, end - begin);
  const std::size_t colon = inside.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view name = inside.substr(0, colon);
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (!letters) return std::nullopt;
  return Expression{name, inside.substr(colon + 1), end + 1 - at};
}

std::optional<Prefix::Kind> kind_of(const Expression& expression) {
  using Kind = Prefix::Kind;
  if (expression.name == "timestamp") return Kind::timestamp;
  if (expression.name == "partitionKeyFromQuery") return Kind::key_from_query;
  if (expression.name == "partitionKeyFromLambda") return Kind::key_from_lambda;
  if (expression.name != "firehose") return std::nullopt;
  if (expression.value == "random-string") return Kind::random_string;
  if (expression.value == "error-output-type") return Kind::error_output_type;
  return std::nullopt;
}

std::string random_string(Random& random) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text(kRandomStringLength, '\0');
  for (char& c : text) c = kAlphabet[random.next() % kAlphabet.size()];
  return text;
}

}  // namespace

Prefix::Prefix(std::string_view text) {
  std::string literal;
  const auto close_literal = [&] {
    if (!literal.empty()) add(Kind::literal, std::move(literal));
    literal.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with(kOpening)) {
      const auto expression = expression_at(text, at);
      const auto kind = expression ? kind_of(*expression) : std::nullopt;
      if (kind) {
        close_literal();
        add(*kind, std::string(expression->value));
        at += expression->length;
        continue;
      }
    }
    literal.push_back(text[at++]);
  }
  close_literal();
}

void Prefix::add(Kind kind, std::string text) {
  Part part{kind, std::move(text)};
  if (kind == Kind::key_from_query || kind == Kind::key_from_lambda) {
    const KeyRef key{kind, part.text};
    const auto found = std::find(keys_.begin(), keys_.end(), key);
    part.key = static_cast<std::size_t>(found - keys_.begin());
    if (found == keys_.end()) keys_.push_back(key);
  }
  parts_.push_back(std::move(part));
}

bool Prefix::has_expression() const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [](const Part& part) { return part.kind != Kind::literal; });
}

bool Prefix::has(Kind kind) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [kind](const Part& part) { return part.kind == kind; });
}

std::string Prefix::expand(const Expansion& with, Random& random) const {
  std::string text;
  for (const Part& part : parts_) {
    switch (part.kind) {
      case Kind::literal:
        text += part.text;
        break;
      case Kind::timestamp:
        text += format_date(part.text, with.time, with.zone);
        break;
      case Kind::random_string:
        text += random_string(random);
        break;
      case Kind::error_output_type:
        text += with.error_output_type;
        break;
      case Kind::key_from_query:
      case Kind::key_from_lambda:
        if (part.key < with.keys.size()) text += with.keys[part.key];
        break;
    }
  }
  return text;
}

// Recorded: any expression, not just a timestamp as the documentation has it, keeps the time
// folders away; and no slash is put between a plain prefix and them.
std::string data_key_prefix(const Prefix& prefix, const Expansion& with, Random& random) {
  std::string text = prefix.expand(with, random);
  if (!prefix.has_expression()) text += format_date(kTimeFolders, with.time, with.zone);
  return text;
}

std::string error_key_prefix(const Prefix& prefix, const Prefix& error_prefix,
                             const Expansion& with, Random& random) {
  if (error_prefix.has_expression()) return error_prefix.expand(with, random);
  std::string text = (error_prefix.empty() ? prefix : error_prefix).expand(with, random);
  text.append(with.error_output_type).append("/");
  return text + format_date(kTimeFolders, with.time, with.zone);
}

namespace {

// Rules about the expressions of one prefix, in the order in which they stand.
std::optional<std::string> find_expression_error(std::string_view text, std::string_view which) {
  for (std::size_t at = text.find(kOpening); at != std::string_view::npos;
       at = text.find(kOpening, at)) {
    const auto expression = expression_at(text, at);
    if (!expression) {
      return "Invalid expression usage: " + std::string(text) +
             ".Must be of the form !{<namespace>:<value>}";
    }
    const auto kind = kind_of(*expression);
    if (!kind && expression->name != "firehose") {
      return "Namespace to the left of colon (" + std::string(expression->name) +
             ") is an invalid keyword!";
    }
    if (!kind || (kind == Prefix::Kind::timestamp && !valid_date_pattern(expression->value))) {
      return "Invalid conversion character used in the value of the expression in " +
             std::string(which);
    }
    at += expression->length;
  }
  return std::nullopt;
}

std::optional<std::string> find_length_error(const Prefix& prefix, std::string_view which) {
  constexpr std::string_view kLongestErrorOutputType = "AmazonOpenSearchService-failed";
  Random random(0);
  // The longest names of months and days: Wednesday the 30th of September.
  const TimePoint time = std::chrono::sys_days(std::chrono::year(2026) / 9 / 30);
  const std::string text = prefix.expand({time, TimeZone::utc(), kLongestErrorOutputType}, random);
  if (utf16_length(text) <= kEvaluatedLengthMax) return std::nullopt;
  return "Length of evaluated " + std::string(which) + " cannot be greater than 512";
}

}  // namespace

std::optional<std::string> find_prefix_error(const std::string& prefix,
                                             const std::string& error_output_prefix) {
  using Kind = Prefix::Kind;
  if (auto error = find_expression_error(prefix, "Prefix")) return error;
  if (auto error = find_expression_error(error_output_prefix, "ErrorOutputPrefix")) return error;

  const Prefix data(prefix), errors(error_output_prefix);
  if (data.has(Kind::error_output_type))
    return "Prefix must not contain any occurrence of !{firehose:error-output-type}";
  if (data.has_expression() && errors.empty())
    return "ErrorOutputPrefix cannot be null or empty when Prefix contains expressions";
  if (errors.has_expression() && !errors.has(Kind::error_output_type)) {
    return "ErrorOutputPrefix must contain at least one occurrence of "
           "!{firehose:error-output-type}";
  }
  if (auto error = find_length_error(data, "prefix")) return error;
  return find_length_error(errors, "ErrorOutputPrefix");
}

}  // namespace hydrant::delivery
