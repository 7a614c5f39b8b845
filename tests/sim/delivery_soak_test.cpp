// A day of twenty delivery streams on the virtual clock, with functions and disks that fail: every
// accepted record ends in exactly one place, and the counters say so too.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/base64.h"
#include "engine/delivery/delivery_registry.h"
#include "engine/delivery/format/compress.h"
#include "engine/delivery/process/log_events.h"
#include "engine/streams/hash_key.h"
#include "sim/delivery_ledger.h"

namespace hydrant::delivery {
namespace {

using namespace std::chrono_literals;

const TimePoint kStart{std::chrono::seconds(1'767'225'600)};
constexpr std::uint64_t kSeed = 20261121;
constexpr auto kDay = 24h;
const std::string kAccount = "123456789012", kRegion = "us-east-1";
const std::string kFunctionArn = "arn:aws:lambda:us-east-1:123456789012:function:transform";

// A few threads draw from it.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::uint64_t up_to(std::uint64_t most) { return random_.next() % (most + 1); }
  bool happens(unsigned percent) { return up_to(99) < percent; }

 private:
  Random random_;
};

std::string gzip(const std::string& text) {
  return std::string(compress(Compression::gzip, text, {}).view());
}

// An aggregate of the Kinesis Producer Library: a table of one key, and records of it.
std::string aggregate(const std::vector<std::string>& records) {
  const auto field = [](char tag, const std::string& bytes) {
    std::string text(1, tag);
    for (auto size = bytes.size();; size >>= 7) {
      text.push_back(static_cast<char>((size & 0x7f) | (size > 0x7f ? 0x80 : 0)));
      if (size <= 0x7f) break;
    }
    return text + bytes;
  };
  std::string message = field(0x0a, "key");
  for (const auto& record : records)
    message += field(0x1a, std::string("\x08\x00", 2) + field(0x1a, record));
  unsigned char digest[16];
  EVP_Digest(message.data(), message.size(), digest, nullptr, EVP_md5(), nullptr);
  return "\xF3\x89\x9A\xC2" + message +
         std::string(reinterpret_cast<const char*>(digest), sizeof digest);
}

// What records of a delivery stream look like, and what it does with them.
enum class Records { lines, objects, delimited, logs };
struct Kind {
  std::string name;
  Records records = Records::lines;
  bool lambda = false, query = false, kinesis = false, backup = false, deletes = false;
  bool partitioned() const { return query || name.find("partitioned") != std::string::npos; }
};

std::vector<Kind> kinds() {
  return {{.name = "plain"},
          {.name = "plain-backup", .backup = true},
          {.name = "plain-gzip"},
          {.name = "plain-eager"},
          {.name = "plain-dead-disk"},
          {.name = "plain-deleted", .deletes = true},
          {.name = "lambda", .lambda = true},
          {.name = "lambda-gzip-backup", .lambda = true, .backup = true},
          {.name = "lambda-eager", .lambda = true},
          {.name = "lambda-partitioned", .lambda = true},
          {.name = "lambda-deleted", .lambda = true, .deletes = true},
          {.name = "query", .query = true},
          {.name = "query-objects", .records = Records::objects, .query = true},
          {.name = "query-objects-lambda",
           .records = Records::objects,
           .lambda = true,
           .query = true,
           .backup = true},
          {.name = "query-delimited", .records = Records::delimited, .query = true},
          {.name = "logs", .records = Records::logs},
          {.name = "logs-lambda-backup", .records = Records::logs, .lambda = true, .backup = true},
          {.name = "kinesis", .kinesis = true},
          {.name = "kinesis-lambda-backup", .lambda = true, .kinesis = true, .backup = true},
          {.name = "kinesis-query-objects",
           .records = Records::objects,
           .query = true,
           .kinesis = true}};
}

// Writes into the ledger what it is given, unless its bucket has a bad hour.
class SoakSink final : public Sink {
 public:
  SoakSink(const Clock& clock, Ledger& ledger) : clock_(clock), ledger_(ledger) {}

  std::optional<std::string> put(const std::string& bucket, const std::string& key,
                                 std::string_view bytes, const objects::ObjectInfo& info) override {
    ++attempts_;
    if (fails(bucket)) return ++failures_, "the disk is on fire";
    {
      std::lock_guard lock(mutex_);
      EXPECT_TRUE(keys_.insert(bucket + "/" + key).second) << "written twice: " << key;
    }
    const auto plain = info.content_encoding == "gzip" ? gunzip(bytes, 1 << 30) : std::nullopt;
    const std::string_view text = plain ? plain->view() : bytes;
    if (bucket.ends_with("-copies")) {
      note_records(&MarkCounts::backed_up, text);
    } else if (key.starts_with("errors/")) {
      note_failures(text);
    } else {
      ledger_.note(&MarkCounts::delivered, text);
    }
    return std::nullopt;
  }
  void heal() { healthy_ = true; }
  std::size_t objects() const { return keys_.size(); }
  int failures() const { return failures_; }

 private:
  // The dead disk is dead for more than a day; others for up to an hour and a half, and now and
  // then for a moment.
  bool fails(const std::string& bucket) {
    if (bucket.starts_with("plain-dead-disk")) return true;
    if (healthy_) return false;
    const auto minutes = std::chrono::floor<std::chrono::minutes>(clock_.now() - kStart).count();
    const auto bad_minute = static_cast<std::int64_t>(bucket.size() * 37 % 300);
    return minutes % 360 >= bad_minute && minutes % 360 < bad_minute + 90 ? true : dice_.happens(5);
  }
  // Records of a backup are as they came; those of CloudWatch Logs are gzip members.
  void note_records(Ledger::Place place, std::string_view bytes) {
    const auto logs = gunzip(bytes, 1 << 30);
    ledger_.note(place, logs ? logs->view() : bytes);
  }
  void note_failures(std::string_view lines) {
    std::istringstream all{std::string(lines)};
    for (std::string line; std::getline(all, line);) {
      simdjson::dom::parser parser;
      std::string raw;
      const auto record = parser.parse(line);
      ASSERT_EQ(record.error(), simdjson::SUCCESS) << line;
      ASSERT_TRUE(base64_decode(std::string_view(record["rawData"]), raw)) << line;
      note_records(&MarkCounts::failed, raw);
    }
  }

  const Clock& clock_;
  Ledger& ledger_;
  Dice dice_{kSeed + 1};
  std::atomic<bool> healthy_{false};
  std::atomic<int> attempts_{0}, failures_{0};
  std::mutex mutex_;
  std::set<std::string> keys_;
};

// Answers as functions do that nobody would want to run.
class SoakFunction final : public functions::Function {
 public:
  explicit SoakFunction(Ledger& ledger) : ledger_(ledger) {}

  functions::InvokeResult invoke(const std::string&, const std::string& payload) override {
    functions::InvokeResult result;
    const auto luck = dice_.up_to(99);
    if (luck < 12) {
      result.function_error = "Unhandled";
      result.payload = R"({"errorMessage":"boom"})";
    } else if (luck < 18) {
      result.status = luck < 14 ? 429 : luck < 16 ? 500 : 0;
    } else if (luck < 21) {
      result.payload = luck < 20 ? "no json" : "{}";
    } else {
      result.payload = answer(payload);
    }
    return result;
  }

 private:
  std::string answer(const std::string& payload) {
    simdjson::dom::parser parser;
    std::string records, dropped;
    const auto event = parser.parse(payload);
    for (const auto record : simdjson::dom::array(event["records"])) {
      std::string data;
      EXPECT_TRUE(base64_decode(std::string_view(record["data"]), data));
      const std::string id{std::string_view(record["recordId"])};
      switch (const auto luck = dice_.up_to(19)) {
        case 0:  // not returned
          break;
        case 1:
          records += returned(id, "ProcessingFailed", data) + ",";
          break;
        case 2:
        case 3:
          records += returned(id, "Dropped", "") + ",";
          ledger_.note(&MarkCounts::dropped, data);
          break;
        case 4:
          records += returned(id, "Ok", data) + "," + returned(id, "Ok", data) + ",";
          break;
        case 5:
          records += R"({"recordId":")" + id + R"(","result":"Ok","data":"*"},)";
          break;
        default:
          records += returned(id, "Ok", data, "k" + std::to_string(luck % 3)) + ",";
      }
    }
    if (!records.empty()) records.pop_back();
    return R"({"records":[)" + records + "]}";
  }
  static std::string returned(const std::string& id, const std::string& result,
                              const std::string& data, const std::string& key = "") {
    return R"({"recordId":")" + id + R"(","result":")" + result + R"(","data":")" +
           base64_encode(data) + R"(","metadata":{"partitionKeys":{"k":")" + key + R"("}}})";
  }

  Ledger& ledger_;
  Dice dice_{kSeed + 2};
};

class Soak {
 public:
  Soak() {
    const auto all = kinds();
    for (std::size_t i = 0; i < all.size(); ++i) create(all[i], i);
  }
  ~Soak() {
    registry_.clear();
    pool_.wait_idle();
  }

  void run() {
    std::set<std::size_t> deleted;
    for (TimePoint end = kStart + kDay; clock_.now() < end;) {
      for (std::size_t i = 0; i < kinds_.size(); ++i) {
        const bool gone = kinds_[i].deletes && clock_.now() >= kStart + kDay / 2;
        if (gone && deleted.insert(i).second) remove(i);
        if (!gone && dice_.happens(40)) put(i);
      }
      if (dice_.happens(2)) reshard();
      advance(std::chrono::seconds(10 + dice_.up_to(220)));
    }
    sink_.heal();
    flush();
    // Nothing comes any more; to poll for it every second of another day would take the longest.
    for (const auto& [i, stream] : sources_) remove(i);
    advance(kDay + 1h);  // what cannot be written is given up
    flush();
  }

  void check() {
    for (const auto& state : registry_.states()) {
      EXPECT_EQ(state.undelivered_records, 0U) << state.id.name;
      EXPECT_EQ(state.undelivered_backup_records, 0U) << state.id.name;
      check_counters(state.id.name, state.counters);
    }
    std::map<std::string, MarkCounts> sums;
    for (const auto& [mark, counts] : ledger_.marks()) check_mark(mark, counts, sums);
    check_discards(sums);
    EXPECT_GT(sink_.failures(), 100);
    EXPECT_GT(sink_.objects(), 1'000U);
    EXPECT_EQ(memory_.used(), streams_held());
    std::cout << ledger_.marks().size() << " records, " << sink_.objects() << " objects, "
              << sink_.failures() << " failed writes\n";
  }

 private:
  std::string name(std::size_t i) const { return kinds_[i].name; }

  void create(const Kind& kind, std::size_t i) {
    kinds_.push_back(kind);
    DeliveryStreamSettings settings;
    settings.id = {kAccount, kRegion, kind.name};
    settings.s3 = s3_of(kind, i);
    if (kind.kinesis) {
      settings.source_type = SourceType::kinesis_stream;
      settings.source.stream = {kAccount, kRegion, kind.name};
      settings.source.arn = settings.source.stream.arn();
      sources_[i] = streams_.create_active(settings.source.stream, {}, 2);
    }
    ASSERT_NE(registry_.create_active(settings), nullptr);
  }

  static S3Settings s3_of(const Kind& kind, std::size_t i) {
    S3Settings s3;
    s3.bucket = kind.name;
    s3.error_output_prefix = "errors/!{firehose:error-output-type}/";
    s3.buffering_size_mb = 1;
    s3.buffering_interval_s = static_cast<std::int32_t>(60 + i * 40);
    if (kind.name.ends_with("eager")) s3.buffering_interval_s = 0;
    if (kind.name.find("gzip") != std::string::npos) s3.compression = Compression::gzip;
    ProcessingSettings& does = s3.processing;
    if (kind.lambda) {
      does.lambda.emplace();
      does.lambda->arn = kFunctionArn;
      does.lambda->buffer_size_mb = 0.2;
      does.lambda->buffer_interval_s = kind.name.ends_with("eager") ? 0 : 60;
    }
    if (kind.query) does.metadata_extraction_query = "{k: .k}";
    if (kind.partitioned()) {
      s3.dynamic_partitioning.emplace();
      s3.prefix = kind.query ? "k=!{partitionKeyFromQuery:k}/" : "k=!{partitionKeyFromLambda:k}/";
    }
    using DeAggregation = DeAggregationSettings::Type;
    if (kind.records == Records::objects) does.de_aggregation = {DeAggregation::json, ""};
    if (kind.records == Records::delimited) does.de_aggregation = {DeAggregation::delimited, "||"};
    does.decompression = does.cloud_watch_log_messages = kind.records == Records::logs;
    if (i % 3 == 0) does.append_delimiter = "\n";
    if (kind.backup) {
      s3.backup.emplace();
      s3.backup->bucket = kind.name + "-copies";
      s3.backup->buffering_interval_s = 900;
    }
    return s3;
  }

  // A record of a kind; now and then a bad one of it.
  std::string record(std::size_t i) {
    const auto piece = [&] {
      const std::string mark = "#" + std::to_string(i) + "." + std::to_string(++serial_) + "#";
      const bool has_key = !dice_.happens(3);
      return R"({"id":")" + mark + R"(")" +
             (has_key ? R"(,"k":"p)" + std::to_string(dice_.up_to(8)) + R"(")" : "") +
             R"(,"padding":")" + std::string(dice_.up_to(300), 'x') + R"("})";
    };
    std::string text = piece();
    switch (kinds_[i].records) {
      case Records::lines:
        return dice_.happens(1) ? "not json " + text : text;
      case Records::objects:
        for (auto more = dice_.up_to(5); more > 0; --more) text += "\n" + piece();
        return dice_.happens(2) ? text + "]" : text;
      case Records::delimited:
        for (auto more = dice_.up_to(5); more > 0; --more) text += "||" + piece();
        return text;
      case Records::logs:
        return logs(text);
    }
    return text;
  }
  // As CloudWatch Logs sends it: data, or a message that controls the subscription.
  std::string logs(const std::string& text) {
    if (dice_.happens(3)) return text;  // not compressed
    if (dice_.happens(3)) return gzip(text);
    std::string escaped;
    for (const char c : text) (c == '"' ? escaped += '\\' : escaped) += c;
    return gzip(R"({"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s",)"
                R"("subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1,"message":")" +
                escaped + R"("}]})");
  }

  void put(std::size_t i) {
    std::vector<std::string> records;
    for (auto count = 1 + dice_.up_to(30); count > 0; --count) records.push_back(record(i));
    if (sources_.contains(i)) return put_to_source(i, records);
    const std::vector<std::string_view> views(records.begin(), records.end());
    const auto result = registry_.find({kAccount, kRegion, name(i)})->append(views);
    ASSERT_EQ(result.status, AppendStatus::accepted);
    for (const auto& text : records) accept(i, text);
  }
  void put_to_source(std::size_t i, const std::vector<std::string>& records) {
    const bool aggregated = dice_.happens(50);
    const std::vector<std::string> all = aggregated ? std::vector{aggregate(records)} : records;
    for (const auto& data : all) {
      const std::string key = std::to_string(dice_.up_to(1'000));
      const streams::NewRecord next{data, key, streams::HashKey::of_partition_key(key)};
      ASSERT_TRUE(streams_.make_room(streams::Shard::footprint(next)));
      streams::Placement placement;
      sources_[i]->append({&next, 1}, {&placement, 1});
      ASSERT_TRUE(placement.placed);
    }
    for (const auto& text : records) accept(i, text);
  }
  void accept(std::size_t i, const std::string& text) {
    const auto plain = gunzip(text, 1 << 20);
    ledger_.note(&MarkCounts::accepted, plain ? plain->view() : std::string_view(text));
    accepted_[i] += 1;
  }

  void reshard() {
    for (const auto& [i, stream] : sources_) {
      if (stream->status() != streams::Status::active) continue;
      const auto open = stream->open_shards();
      if (open.size() > 4) {
        streams_.merge(stream, open[0]->number(), open[1]->number());
      } else {
        const auto& range = open.back()->range();
        const auto width = range.last.value() - range.first.value();
        streams_.split(stream, open.back()->number(),
                       streams::HashKey(range.first.value() + width / 2));
      }
    }
  }

  // What it holds is discarded: the ledger finds that much missing.
  void remove(std::size_t i) {
    const auto stream = registry_.find({kAccount, kRegion, name(i)});
    ASSERT_TRUE(registry_.remove(stream->id()));
    removed_[i] = stream->state().counters;
  }
  void advance(Duration by) {
    clock_.advance(by, [this] { pool_.wait_idle(); });
  }
  void flush() {
    std::promise<void> done;
    pool_.post_waiter([&] {
      registry_.flush();
      done.set_value();
    });
    done.get_future().wait();
    pool_.wait_idle();
  }

  // Nothing is missing in the books: what came in or was made of it has gone somewhere.
  void check_counters(const std::string& of, const DeliveryCounters& c) {
    EXPECT_EQ(c.incoming_records + c.added_records, c.delivery_to_s3_records +
                                                        c.error_output_records + c.dropped_records +
                                                        c.discarded_records + c.empty_records)
        << of;
    EXPECT_GT(c.incoming_records, 0U) << of;
  }
  void check_mark(const std::string& mark, const MarkCounts& counts,
                  std::map<std::string, MarkCounts>& sums) {
    const Kind& kind = kinds_.at(std::stoul(mark));
    const auto fates = counts.delivered + counts.failed + counts.dropped;
    const bool discards = kind.deletes || kind.name == "plain-dead-disk";
    ASSERT_EQ(counts.accepted, 1) << mark;
    if (!discards) {
      ASSERT_EQ(fates, 1) << kind.name << " " << mark;
    }
    ASSERT_LE(fates, 1) << kind.name << " " << mark;
    // Records of CloudWatch Logs that stand behind each other in a backup are read up to the first
    // that is not compressed; the counters tell of the rest.
    if (kind.backup && kind.records != Records::logs) {
      ASSERT_EQ(counts.backed_up, 1) << mark;
    }
    MarkCounts& sum = sums[kind.name];
    sum.accepted += counts.accepted;
    sum.delivered += fates;
  }
  // What is nowhere was discarded, by AWS's own rules, and counted.
  void check_discards(const std::map<std::string, MarkCounts>& sums) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      const auto stream = registry_.find({kAccount, kRegion, name(i)});
      const auto counters = stream ? stream->state().counters : removed_.at(i);
      const auto& sum = sums.at(name(i));
      EXPECT_EQ(sum.accepted - sum.delivered, static_cast<std::int64_t>(counters.discarded_records))
          << name(i);
      if (!stream) check_counters(name(i), counters);
      if (kinds_[i].backup) {
        EXPECT_EQ(counters.backup_to_s3_records, counters.incoming_records) << name(i);
      }
      EXPECT_EQ(counters.incoming_records, accepted_.at(i)) << name(i);
    }
    const auto dead = registry_.find({kAccount, kRegion, "plain-dead-disk"})->state().counters;
    EXPECT_EQ(dead.discarded_records, dead.incoming_records);
  }
  std::int64_t streams_held() const {
    std::int64_t bytes = 0;
    for (const auto& stream : streams_.all())
      for (const auto& shard : stream->shards())
        bytes += static_cast<std::int64_t>(shard->counters(clock_.now()).bytes_held);
    return bytes;
  }

  VirtualClock clock_{kStart};
  Random random_{kSeed};
  Dice dice_{kSeed + 3};
  MemoryBudget memory_{std::int64_t{1} << 32};
  Ledger ledger_;
  SoakSink sink_{clock_, ledger_};
  std::shared_ptr<SoakFunction> function_ = std::make_shared<SoakFunction>(ledger_);
  streams::Registry streams_{{clock_, memory_, {.enabled = false}}, {}, streams::WhenFull::refuse};
  ThreadPool pool_;
  DeliveryRegistry registry_{{.clock = clock_,
                              .pool = pool_,
                              .random = random_,
                              .memory = memory_,
                              .streams = streams_,
                              .sink = sink_,
                              .find_function = [this](const std::string&) { return function_; },
                              .logger = Logger::silent(),
                              .quota = {}},
                             Duration::zero()};
  std::vector<Kind> kinds_;
  std::map<std::size_t, std::shared_ptr<streams::Stream>> sources_;
  std::map<std::size_t, DeliveryCounters> removed_;
  std::map<std::size_t, std::uint64_t> accepted_;  // records, by delivery stream
  std::uint64_t serial_ = 0;
};

TEST(DeliverySoak, EveryRecordOfADayEndsInExactlyOnePlace) {
  Soak soak;
  soak.run();
  soak.check();
}

}  // namespace
}  // namespace hydrant::delivery
