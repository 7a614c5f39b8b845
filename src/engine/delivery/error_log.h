// What CloudWatchLoggingOptions turn on: an event for each failure of a delivery stream, in the
// words of the service's own error log.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/logging.h"
#include "engine/delivery/outcome.h"
#include "engine/delivery/plan.h"
#include "engine/objects/folder.h"

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
// {...}}. The names become paths as the keys of objects do: none leads out of the folder, is too
// long, or is in the way of another. The first event of a process for a log stream begins its file
// anew. What cannot be written is lost, with one warning: the failure itself is in the error output
// and in the log of the server.
class FileErrorLog final : public ErrorLog {
 public:
  explicit FileErrorLog(std::filesystem::path folder,
                        std::shared_ptr<Logger> logger = Logger::silent())
      : folder_(std::move(folder)), logger_(std::move(logger)) {}
  void put(const CloudWatchLoggingSettings& logging, TimePoint at,
           std::string_view message) override;
  void clear();  // removes what this process wrote; for reset

 private:
  std::optional<objects::DiskError> write(const std::string& name, std::string_view line);

  const std::filesystem::path folder_;
  const std::shared_ptr<Logger> logger_;
  std::mutex mutex_;
  std::map<std::string, std::string> begun_;  // the place of each, by its name; relative to folder_
  bool warned_ = false;
};

// {"deliveryStreamARN":...,"destination":...,"deliveryStreamVersionId":1,"message":...,
// "errorCode":...} and, for failures of a function, "processor":<its ARN>.
std::string error_event_json(const Plan& plan, const S3TargetSettings& target,
                             const ErrorEvent& event);

// A write to S3 that failed here has no reason that the service would know.
ErrorEvent failed_delivery();

}  // namespace hydrant::delivery
