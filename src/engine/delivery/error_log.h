// What CloudWatchLoggingOptions turn on: an event for each failure of a delivery stream, in the
// words of the service's own error log.
#pragma once
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "engine/delivery/outcome.h"
#include "engine/delivery/plan.h"

namespace hydrant::delivery {

// Thread-safe.
class ErrorLog {
 public:
  virtual ~ErrorLog() = default;
  // `message`: a JSON object on one line.
  virtual void put(const CloudWatchLoggingSettings& logging, TimePoint at,
                   std::string_view message) = 0;
};

// <folder>/<log group>/<log stream>: a line for each event, {"timestamp":<epoch ms>,"message":
// {...}}. The segments of the names are escaped as those of keys of objects are, so none leads out
// of the folder. The first event of a process for a log stream begins its file anew. What cannot be
// written is lost: the failure itself is in the error output and in the log of the server.
class FileErrorLog final : public ErrorLog {
 public:
  explicit FileErrorLog(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void put(const CloudWatchLoggingSettings& logging, TimePoint at,
           std::string_view message) override;
  void clear();  // removes what this process wrote; for reset

 private:
  const std::filesystem::path folder_;
  std::mutex mutex_;
  std::set<std::filesystem::path> begun_;
};

// {"deliveryStreamARN":...,"destination":...,"deliveryStreamVersionId":1,"message":...,
// "errorCode":...} and, for failures of a function, "processor":<its ARN>.
std::string error_event_json(const Plan& plan, const S3TargetSettings& target,
                             const ErrorEvent& event);

// A write to S3 that failed here has no reason that the service would know.
ErrorEvent failed_delivery();

}  // namespace hydrant::delivery
