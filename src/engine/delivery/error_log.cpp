#include "engine/delivery/error_log.h"

#include <fstream>
#include <system_error>

#include "core/json_writer.h"
#include "engine/objects/key_path.h"

namespace hydrant::delivery {
namespace {

// Log groups are mostly named like paths, with a slash in front.
std::string path_of(const CloudWatchLoggingSettings& logging) {
  std::string_view group = logging.log_group;
  if (group.starts_with('/')) group.remove_prefix(1);
  return objects::joined(objects::escaped_segments(std::string(group) + "/" + logging.log_stream));
}

}  // namespace

void FileErrorLog::put(const CloudWatchLoggingSettings& logging, TimePoint at,
                       std::string_view message) {
  const std::filesystem::path path = folder_ / path_of(logging);
  std::lock_guard lock(mutex_);
  const bool is_new = begun_.insert(path).second;
  std::error_code ignored;
  if (is_new) std::filesystem::create_directories(path.parent_path(), ignored);
  std::ofstream file(path, is_new ? std::ios::trunc : std::ios::app);
  file << R"({"timestamp":)" << epoch_millis(at) << R"(,"message":)" << message << "}\n";
}

void FileErrorLog::clear() {
  std::lock_guard lock(mutex_);
  std::error_code ignored;
  for (const auto& path : begun_) std::filesystem::remove(path, ignored);
  begun_.clear();
}

std::string error_event_json(const Plan& plan, const S3TargetSettings& target,
                             const ErrorEvent& event) {
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .member("deliveryStreamARN", plan.settings.id.arn())
      .member("destination", "arn:aws:s3:::" + target.bucket)
      .member("deliveryStreamVersionId", std::int64_t{plan.version})
      .member("message", event.message)
      .member("errorCode", event.code);
  if (event.code.starts_with("Lambda.") && plan.has_lambda())
    json.member("processor", plan.processing().lambda->arn);
  json.end_object();
  return text;
}

ErrorEvent failed_delivery() {
  return {"InternalError",
          "An internal error occurred while attempting to deliver data. Delivery will be retried; "
          "if the error persists, then it will be reported to AWS for resolution."};
}

}  // namespace hydrant::delivery
