// Error and Result: a refusal that the API documents is a value.
#pragma once
#include <boost/system/result.hpp>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace hydrant::aws {

struct Error {
  Error() = default;  // Boost's result returns one where there is no error
  // Not an aggregate: nothing shorter converts to it, so a Result<std::string> stays unambiguous.
  Error(std::string error_code, std::optional<std::string> text, int http_status = 400,
        bool capital = false)
      : code(std::move(error_code)),
        message(std::move(text)),
        status(http_status),
        capital_message(capital) {}

  std::string code;                    // the bare shape name, as `__type` holds it
  std::optional<std::string> message;  // some errors of the front end have none
  std::string reason;                  // `code`, which some errors of Firehose have besides
  int status = 400;
  bool capital_message = false;  // SerializationException and AccessDeniedException: `Message`

  static Error invalid_argument(std::string text) {
    return {"InvalidArgumentException", std::move(text)};
  }
  static Error validation(std::string text) { return {"ValidationException", std::move(text)}; }
  static Error not_found(std::string text) {
    return {"ResourceNotFoundException", std::move(text)};
  }
  static Error in_use(std::string text) { return {"ResourceInUseException", std::move(text)}; }
  static Error limit_exceeded(std::string text) {
    return {"LimitExceededException", std::move(text)};
  }
  static Error serialization(std::string text) {
    return {"SerializationException", std::move(text), 400, true};
  }
  static Error malformed() { return {"SerializationException", std::nullopt}; }
};

inline std::ostream& operator<<(std::ostream& out, const Error& error) {
  return out << error.code << ": " << error.message.value_or("(no message)");
}

// value() on an error is a bug of ours; the dispatcher's catch turns it into an InternalFailure.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
  throw std::logic_error("unchecked error: " + error.code);
}

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace hydrant::aws
