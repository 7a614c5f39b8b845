// GapSink: where a service says that it takes a setting it does not emulate.
#pragma once
#include <optional>
#include <string>

#include "aws/error.h"

namespace hydrant::aws {

// Thread-safe.
class GapSink {
 public:
  virtual ~GapSink() = default;
  // `where`: what it was given to ("CreateStream clicks"); `setting`: its path; `why`: what happens
  // instead. An error if such requests are to be refused (--strict).
  virtual std::optional<Error> note(const std::string& where, const std::string& setting,
                                    const std::string& why) = 0;
};

}  // namespace hydrant::aws
