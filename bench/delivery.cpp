// What the delivery engine costs beside the work that nobody can spare it: DirectPut to GZIP
// objects against libdeflate alone, to uncompressed objects against plain writes of the same bytes,
// and partitioned by a jq query against libjq alone. Processor time (user and system) of this
// process, in one run; bench/README.md tells how to read it.
//
//   bench_delivery [runs] [MiB of a run] [folder for the objects] [how the row begins]
#include <fcntl.h>
#include <libdeflate.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
#include <jq.h>
}

#include "engine/delivery/delivery_registry.h"

namespace hydrant::delivery {
namespace {

constexpr std::size_t kMiB = 1024 * 1024;
constexpr std::size_t kObjectBytes = 5 * kMiB;  // the service's default
constexpr std::size_t kRecordBytes = 1024, kBatch = 500;
constexpr std::size_t kBytesInFlightMax = 16 * kMiB;
const std::string kQuery = "{country: .country}";

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double cost_of(const std::function<void()>& work) {
  const double before = processor_seconds();
  work();
  return processor_seconds() - before;
}

// JSON of invented words, which GZIP makes about a third of; eight countries.
std::vector<std::string> make_records(std::size_t count) {
  Random random(1);
  std::vector<std::string> words;
  for (int i = 0; i < 2'000; ++i) {
    std::string word;
    for (auto letters = 3 + random.next() % 7; letters > 0; --letters)
      word.push_back(static_cast<char>('a' + random.next() % 26));
    words.push_back(word);
  }
  std::vector<std::string> records;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text = R"({"country":"c)" + std::to_string(random.next() % 8) + R"(","id":)" +
                       std::to_string(random.next() % 1'000'000) + R"(,"text":")";
    while (text.size() < kRecordBytes - 16) text += words[random.next() % words.size()] + " ";
    text.resize(kRecordBytes - 3, 'x');
    records.push_back(text + "\"}\n");
  }
  return records;
}

// A server's part of it: as long-lived as one, so that its memory is warm.
class Engine {
 public:
  explicit Engine(const std::filesystem::path& folder) : objects_(folder) {}
  ~Engine() {
    registry_.clear();
    pool_.wait_idle();
    objects_.clear();
  }

  void deliver(const std::vector<std::string>& records, std::size_t bytes, S3Settings s3) {
    DeliveryStreamSettings settings;
    settings.id = {"123456789012", "us-east-1", "bench"};
    s3.bucket = "bench";
    settings.s3 = std::move(s3);
    registry_.remove(settings.id);
    const auto stream = registry_.create_active(settings);
    std::vector<std::string_view> batch(kBatch);
    std::size_t next = 0;
    for (std::size_t put = 0, pending = 0; put < bytes;) {
      for (auto& record : batch) {
        record = records[next++ % records.size()];
        put += record.size();
        pending += record.size();
      }
      if (stream->append(batch).status != AppendStatus::accepted) std::abort();
      if (pending < kBytesInFlightMax) continue;
      pool_.wait_idle();
      pending = 0;
    }
    flush();
    const auto counters = stream->state().counters;
    if (counters.delivery_to_s3_records != counters.incoming_records) std::abort();
  }

 private:
  void flush() {
    std::promise<void> done;
    pool_.post_waiter([&] {
      registry_.flush();
      done.set_value();
    });
    done.get_future().wait();
  }

  VirtualClock clock_{system_now()};
  Random random_{1};
  MemoryBudget memory_{std::int64_t{1} << 32};
  streams::Registry streams_{{clock_, memory_, {}}, {}, streams::WhenFull::refuse};
  objects::ObjectStore objects_;
  ObjectStoreSink sink_{objects_, clock_};
  ThreadPool pool_;
  DeliveryRegistry registry_{{.clock = clock_,
                              .pool = pool_,
                              .random = random_,
                              .memory = memory_,
                              .streams = streams_,
                              .sink = sink_,
                              .find_function = {},
                              .logger = Logger::silent(),
                              .quota = {}},
                             Duration::zero()};
};

void gzip_alone(const std::string& all) {
  std::string out(kObjectBytes * 2, '\0');
  auto* compressor = libdeflate_alloc_compressor(6);
  for (std::size_t at = 0; at < all.size(); at += kObjectBytes) {
    const auto block = std::string_view(all).substr(at, kObjectBytes);
    if (libdeflate_gzip_compress(compressor, block.data(), block.size(), out.data(), out.size()) ==
        0)
      std::abort();
  }
  libdeflate_free_compressor(compressor);
}

void write_alone(const std::string& all, const std::filesystem::path& folder, int& number) {
  std::filesystem::create_directories(folder);
  for (std::size_t at = 0; at < all.size(); at += kObjectBytes) {
    const auto block = std::string_view(all).substr(at, kObjectBytes);
    const auto path = folder / std::to_string(number++);
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    if (::write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size()))
      std::abort();
    ::close(file);
  }
}

void jq_alone(const std::vector<std::string>& records, std::size_t count) {
  jq_state* jq = jq_init();
  if (jq_compile(jq, kQuery.c_str()) == 0) std::abort();
  std::size_t keys = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& record = records[i % records.size()];
    jq_start(jq, jv_parse_sized(record.data(), static_cast<int>(record.size())), 0);
    jv value = jq_next(jq);
    jv key = jv_object_get(value, jv_string("country"));
    keys += static_cast<std::size_t>(jv_string_length_bytes(key));
  }
  if (keys == 0) std::abort();
  jq_teardown(&jq);
}

struct Row {
  const char* name;
  std::function<void()> alone, delivered;
};

void run(const Row& row, int runs, std::size_t bytes) {
  std::vector<double> ratios, alone, delivered;
  for (int i = 0; i < runs; ++i) {
    alone.push_back(cost_of(row.alone));
    delivered.push_back(cost_of(row.delivered));
    ratios.push_back(alone.back() / delivered.back());
  }
  const auto median = [](std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
  };
  const double mib = static_cast<double>(bytes) / static_cast<double>(kMiB);
  std::printf("%-24s %8.3f ms/MiB alone %8.3f ms/MiB delivered   ratio %.2f (%.2f to %.2f)\n",
              row.name, median(alone) / mib * 1e3, median(delivered) / mib * 1e3, median(ratios),
              *std::ranges::min_element(ratios), *std::ranges::max_element(ratios));
}

void bench(int runs, std::size_t bytes, const std::filesystem::path& folder,
           std::string_view only) {
  const auto records = make_records(20'000);
  std::string all;
  for (std::size_t i = 0; all.size() < bytes; ++i) all += records[i % records.size()];
  Engine engine(folder / "engine");
  const auto deliver = [&](S3Settings s3) { engine.deliver(records, bytes, std::move(s3)); };
  S3Settings plain, gzip, partitioned;
  gzip.compression = Compression::gzip;
  partitioned.processing.metadata_extraction_query = kQuery;
  partitioned.prefix = "country=!{partitionKeyFromQuery:country}/";
  partitioned.error_output_prefix = "errors/!{firehose:error-output-type}/";
  partitioned.dynamic_partitioning.emplace();
  int number = 0;  // of files: nothing is deleted, which would cost both sides alike
  const Row rows[] = {
      {"GZIP objects", [&] { gzip_alone(all); }, [&] { deliver(gzip); }},
      {"uncompressed objects", [&] { write_alone(all, folder / "alone", number); },
       [&] { deliver(plain); }},
      {"partitioned by jq", [&] { jq_alone(records, bytes / kRecordBytes); },
       [&] { deliver(partitioned); }},
  };
  for (const Row& row : rows) {
    if (!std::string_view(row.name).starts_with(only)) continue;
    row.delivered();
    run(row, runs, bytes);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hydrant::delivery

int main(int count, char** arguments) {
  const int runs = count > 1 ? std::atoi(arguments[1]) : 5;
  const auto mib = static_cast<std::size_t>(count > 2 ? std::atoi(arguments[2]) : 100);
  const std::filesystem::path folder =
      count > 3 ? arguments[3] : std::filesystem::temp_directory_path() / "hydrant-bench";
  hydrant::delivery::bench(runs, mib * hydrant::delivery::kMiB, folder / std::to_string(::getpid()),
                           count > 4 ? arguments[4] : "");
}
