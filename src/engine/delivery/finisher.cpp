#include "engine/delivery/finisher.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <ranges>

#include "core/clock.h"

namespace hydrant::delivery {
namespace {

std::string_view find(const std::vector<PartitionKey>& keys, std::string_view name) {
  const auto found = std::ranges::find(keys, name, &PartitionKey::name);
  return found == keys.end() ? std::string_view() : std::string_view(found->value);
}

// $.country is how some write the key "country"; the service does not know it by that name.
std::string_view without_root(std::string_view name) {
  return name.starts_with("$.") ? name.substr(2) : name;
}

std::string_view value_of(const Prefix::KeyRef& key, bool lenient,
                          const std::vector<PartitionKey>& extracted,
                          const ReturnedKeys& from_function) {
  if (lenient) {
    const auto name = without_root(key.name);
    const auto value = find(extracted, name);
    return value.empty() ? find(from_function, name) : value;
  }
  return find(key.kind == Prefix::Kind::key_from_query ? extracted : from_function, key.name);
}

}  // namespace

Finisher::Finisher(const Plan& plan, const Ending& ending, Outcome& outcome)
    : plan_(plan), ending_(ending), outcome_(outcome) {
  if (plan.has_partitions() && plan.query != nullptr) runner_.emplace(plan.query->runner());
}

void Finisher::finish(std::size_t bytes, TimePoint arrival, const ReturnedKeys& from_function) {
  RecordList& delivered = outcome_.delivered;
  std::uint32_t partition = 0;
  if (plan_.has_partitions()) {
    const auto found = partition_of({delivered.bytes.view().data() + delivered.bytes.size(), bytes},
                                    arrival, from_function);
    if (!found) return;
    partition = *found;
  }
  delivered.bytes.commit(bytes);
  if (const auto& delimiter = plan_.processing().append_delimiter)
    delivered.bytes.append(*delimiter);
  delivered.close_entry(arrival, partition);
}

void Finisher::finish(std::string_view data, TimePoint arrival) {
  char* to = room(data.size());
  if (!data.empty()) std::memcpy(to, data.data(), data.size());
  finish(data.size(), arrival);
}

std::optional<std::uint32_t> Finisher::partition_of(std::string_view data, TimePoint arrival,
                                                    const ReturnedKeys& from_function) {
  if (runner_) {
    const auto began = steady_now();
    const auto error = runner_->extract(data, extracted_);
    outcome_.query_us += static_cast<std::uint64_t>(
        std::chrono::duration_cast<Duration>(steady_now() - began).count());
    if (error) {
      fail(Failure::metadata_extraction, data, arrival, *error);
      return std::nullopt;
    }
  }
  const bool lenient = plan_.s3().dynamic_partitioning->lenient;
  std::vector<std::string> values;
  values.reserve(plan_.prefix.keys().size());
  for (const Prefix::KeyRef& key : plan_.prefix.keys()) {
    values.emplace_back(value_of(key, lenient, extracted_, from_function));
    if (!values.back().empty()) continue;
    fail(Failure::metadata_extraction, data, arrival);
    return std::nullopt;
  }
  return number_of(std::move(values));
}

std::uint32_t Finisher::number_of(std::vector<std::string> values) {
  const auto next = static_cast<std::uint32_t>(outcome_.partitions.size());
  const auto [found, is_new] = numbers_.try_emplace(std::move(values), next);
  if (is_new) outcome_.partitions.push_back(found->first);
  return found->second;
}

void Finisher::fail(Failure failure, std::string_view raw_data, TimePoint arrival,
                    std::string_view message) {
  const auto& lambda = plan_.processing().lambda;
  RecordList& failed = outcome_.failed[static_cast<std::size_t>(error_output_of(failure))];
  failed.bytes.append(
      failure_json({.failure = failure,
                    .attempts = ending_.attempts,
                    .arrival = arrival,
                    .attempt_ended = ending_.ended,
                    .raw_data = raw_data,
                    .lambda_arn = lambda ? std::string_view(lambda->arn) : std::string_view(),
                    .message = message},
                   ending_.style));
  failed.close_entry(arrival);
  note(failure_code(failure), message.empty() ? failure_message(failure) : message);
}

void Finisher::note(std::string_view code, std::string_view message) {
  const bool known = std::any_of(outcome_.events.begin(), outcome_.events.end(),
                                 [code](const ErrorEvent& event) { return event.code == code; });
  if (!known) outcome_.events.push_back({std::string(code), std::string(message)});
}

}  // namespace hydrant::delivery
