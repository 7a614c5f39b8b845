#include "engine/delivery/error_log.h"

#include <system_error>
#include <utility>
#include <vector>

#include "core/json_writer.h"
#include "engine/objects/key_path.h"
#include "engine/objects/placement.h"

namespace hydrant::delivery {
namespace {

// Log groups are mostly named like paths, with a slash in front.
std::string name_of(const CloudWatchLoggingSettings& logging) {
  std::string_view group = logging.log_group;
  if (group.starts_with('/')) group.remove_prefix(1);
  return std::string(group) + "/" + logging.log_stream;
}

}  // namespace

void FileErrorLog::put(const CloudWatchLoggingSettings& logging, TimePoint at,
                       std::string_view message) {
  std::string line = R"({"timestamp":)" + std::to_string(epoch_millis(at)) + R"(,"message":)";
  line.append(message).append("}\n");
  std::optional<objects::DiskError> error;
  {
    std::lock_guard lock(mutex_);
    error = write(name_of(logging), line);
    if (!error || std::exchange(warned_, true)) return;
  }
  logger_->warn("error_log={} cannot be written, nor perhaps others: {}",
                (folder_ / error->path).string(), std::generic_category().message(error->code));
}

std::optional<objects::DiskError> FileErrorLog::write(const std::string& name,
                                                      std::string_view line) {
  const auto folder = objects::Folder::make(folder_);
  if (!folder) return folder.error();
  std::vector<std::string> made;
  const auto begun = begun_.find(name);
  const bool is_new = begun == begun_.end();
  const auto place = is_new ? objects::find_place(*folder, objects::escaped_segments(name), made)
                            : objects::same_place(*folder, begun->second, made);
  if (!place) return place.error();
  auto error = place->folder.append(place->name, line, is_new);
  if (!error && is_new) begun_.emplace(name, place->path());
  return error;
}

void FileErrorLog::clear() {
  std::lock_guard lock(mutex_);
  for (const auto& [name, path] : begun_) {
    std::error_code ignored;
    std::filesystem::remove(folder_ / path, ignored);
  }
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
