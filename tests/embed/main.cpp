// Servers in this process, as a user of the library has them: a virtual clock, records over HTTP,
// objects read from the data folder. Prints one line for each check; the exit code says whether all
// hold.
#include <hydrant/server.h>
#include <hydrant/version.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "client.h"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

int failures = 0;

void check(const std::string& what, bool holds) {
  std::cout << (holds ? "ok: " : "FAILED: ") << what << "\n";
  if (!holds) ++failures;
}

// A stream that is delivered to the bucket "clicks", and direct puts to "logs" every five minutes.
constexpr const char* kConfiguration = R"({
  "streams": [{"StreamName": "clicks", "ShardCount": 1}],
  "deliveryStreams": [
    {"DeliveryStreamName": "logs",
     "ExtendedS3DestinationConfiguration": {
       "RoleARN": "arn:aws:iam::000000000000:role/r", "BucketARN": "arn:aws:s3:::logs",
       "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300}}},
    {"DeliveryStreamName": "clicks-to-s3", "DeliveryStreamType": "KinesisStreamAsSource",
     "KinesisStreamSourceConfiguration": {
       "RoleARN": "arn:aws:iam::000000000000:role/r",
       "KinesisStreamARN": "arn:aws:kinesis:us-east-1:000000000000:stream/clicks"},
     "ExtendedS3DestinationConfiguration": {
       "RoleARN": "arn:aws:iam::000000000000:role/r", "BucketARN": "arn:aws:s3:::clicks",
       "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 60}}}]})";

hydrant::Options options_for(const fs::path& folder) {
  hydrant::Options options;
  options.port = 0;
  options.data_dir = folder.string();
  options.clock.is_virtual = true;
  options.seed = 1;
  options.log_level = "off";
  options.configuration = kConfiguration;
  return options;
}

// The objects of a bucket, one behind the other.
std::string bucket(const fs::path& folder, const std::string& name) {
  std::string contents;
  const fs::path root = folder / "s3" / name;
  if (!fs::exists(root)) return contents;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    contents.append(std::istreambuf_iterator<char>(file), {});
  }
  return contents;
}

bool put_log(const hydrant::Server& server, const std::string& base64) {
  return embed::call(server.port(), "Firehose_20150804.PutRecord",
                     R"({"DeliveryStreamName": "logs", "Record": {"Data": ")" + base64 + "\"}}")
             .status == 200;
}

void delivery_follows_the_clock(const fs::path& folder) {
  hydrant::Server server(options_for(folder));
  check("a server starts", !server.start());
  check("it has a port of its own",
        server.port() != 0 && server.url().ends_with(":" + std::to_string(server.port())));
  check("a record is taken", put_log(server, "YWJj"));
  check("another is taken", put_log(server, "ZGVm"));
  const auto put =
      embed::call(server.port(), "Kinesis_20131202.PutRecord",
                  R"({"StreamName": "clicks", "PartitionKey": "k", "Data": "Y2xpY2s="})");
  check("a record of a stream is taken",
        put.status == 200 && put.body.find("SequenceNumber") != std::string::npos);

  check("the clock is advanced", !server.advance(299s));
  check("nothing is delivered before its time", bucket(folder, "logs").empty());
  check("what a stream was given is delivered after a minute", bucket(folder, "clicks") == "click");
  check("the clock is advanced once more", !server.advance(1s));
  check("what was buffered is delivered in its time", bucket(folder, "logs") == "abcdef");
  check("a clock that would go back is refused", server.advance(-1s).has_value());

  check("a record is taken for a flush", put_log(server, "Zmx1c2g="));
  const auto flushed = server.flush("logs");
  check("a flush names what it wrote", flushed.error.empty() && flushed.objects.size() == 1 &&
                                           fs::exists(folder / "s3" / flushed.objects[0]));
  check("a flush of nobody says so", !server.flush("nobody").error.empty());
  check("a reset is done", !server.reset());
  check("a reset forgets the objects", bucket(folder, "logs").empty());
  check("a reset keeps what is configured", put_log(server, "ZW5k"));
  check("the end delivers what is buffered", server.stop() && bucket(folder, "logs") == "end");
}

void servers_live_side_by_side(const fs::path& first_folder, const fs::path& second_folder) {
  hydrant::Server first(options_for(first_folder)), second(options_for(second_folder));
  check("two servers start", !first.start() && !second.start());
  check("their ports differ", first.port() != second.port());
  check("both take records", put_log(first, "MQ==") && put_log(second, "Mg=="));
  check("the clock of the first is advanced", !first.advance(300s));
  check("the first has delivered its record", bucket(first_folder, "logs") == "1");
  check("the clock of the second stands still", bucket(second_folder, "logs").empty());
  check("the first stops", first.stop());
  check("the second goes on",
        put_log(second, "Mg==") && !second.advance(300s) && bucket(second_folder, "logs") == "22");
  check("the second stops", second.stop());
}

void mistakes_are_sentences(const fs::path& folder) {
  auto options = options_for(folder);
  options.configuration = R"({"streams": [{"StreamName": "a b"}]})";
  const auto failure = hydrant::Server(options).start();
  check("a bad configuration is one sentence",
        failure && failure->exit_code == 2 && !failure->sentence.empty());
  check("a server that was not started refuses",
        hydrant::Server(options_for(folder)).advance(1s).has_value());
  options = options_for(folder);
  options.clock.is_virtual = false;
  hydrant::Server real(options);
  check("a real clock is not advanced", !real.start() && real.advance(1s).has_value());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: embed FOLDER\n";
    return 2;
  }
  const fs::path folder = argv[1];
  std::cout << "hydrant " << hydrant::kVersion << "\n";
  delivery_follows_the_clock(folder / "one");
  servers_live_side_by_side(folder / "two", folder / "three");
  mistakes_are_sentences(folder / "four");
  std::cout << failures << " failed\n";
  return failures == 0 ? 0 : 1;
}
