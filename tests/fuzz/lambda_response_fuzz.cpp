// Answers of a transform function: parsed, and judged against the ids that were sent. A @ with a
// digit behind it stands for the id of that record, which nobody guesses.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/delivery/transform/mended_json.h"
#include "engine/delivery/transform/response.h"

namespace {

namespace delivery = hydrant::delivery;
namespace transform = hydrant::delivery::transform;

constexpr std::size_t kRecords = 4;

void require(bool good) {
  if (!good) std::abort();
}

transform::RecordIds sent_ids() {
  delivery::SourceBatch batch;
  for (std::size_t i = 0; i < kRecords; ++i) {
    delivery::IncomingRecord record;
    record.data = "data";
    record.arrival = hydrant::TimePoint(std::chrono::seconds(1'700'000'000));
    record.subsequence = static_cast<std::uint32_t>(i);
    batch.add(record);
  }
  return {batch, delivery::SourceType::kinesis_stream};
}

std::string with_ids(std::string_view text, const transform::RecordIds& ids) {
  std::string payload;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_id = text[i] == '@' && i + 1 < text.size() && text[i + 1] >= '0' &&
                       text[i + 1] < static_cast<char>('0' + kRecords);
    if (!is_id)
      payload += text[i];
    else
      payload += ids[static_cast<std::size_t>(text[++i] - '0')];
  }
  return payload;
}

void check(const transform::Verdict& verdict, std::size_t copies) {
  using delivery::Failure;
  if (copies == 0) return require(verdict.failure == Failure::missing_record_id);
  if (copies > 1) return require(verdict.failure == Failure::duplicated_record_id);
  require(verdict.failure != Failure::missing_record_id);
  require(verdict.failure != Failure::duplicated_record_id);
  if (verdict.failure || verdict.dropped) return;
  require(verdict.record != nullptr && verdict.record->has_data);
  require(verdict.record->result == transform::Result::ok);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto ids = sent_ids();
  const auto payload = with_ids({reinterpret_cast<const char*>(data), size}, ids);
  const auto response = transform::Response::parse(payload);
  const auto verdicts = transform::judge(response, ids, kRecords);
  require(verdicts.size() == kRecords);
  if (response.shape() == transform::Response::Shape::malformed) {
    for (const auto& verdict : verdicts)
      require(verdict.failure == delivery::Failure::json_processing);
    return 0;
  }
  // nlohmann takes neither numbers beyond the largest double nor half a surrogate pair.
  require(nlohmann::json::accept(payload) ||
          nlohmann::json::accept(transform::mended_json(payload)));
  for (std::size_t i = 0; i < kRecords; ++i) {
    const auto& records = response.records();
    const auto copies = std::count_if(records.begin(), records.end(),
                                      [&](const auto& record) { return record.id == ids[i]; });
    check(verdicts[i], static_cast<std::size_t>(copies));
  }
  return 0;
}
