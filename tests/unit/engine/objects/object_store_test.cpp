#include "engine/objects/object_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "engine/objects/key_path.h"
#include "unit/engine/objects/scratch_folder.h"

namespace hydrant::objects {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

constexpr TimePoint kNow{std::chrono::seconds(1'767'225'600)};  // 2026-01-01T00:00:00Z

class ObjectStoreTest : public testing::Test {
 protected:
  std::optional<std::string> put(const std::string& key, const std::string& bytes = "x",
                                 const std::string& bucket = "b") {
    return store_.put(bucket, key, bytes, {}, kNow);
  }
  std::string file(const fs::path& path) const { return folder_.read("data/s3" / path); }
  std::vector<std::string> files(const fs::path& path = "") const {
    return folder_.files("data/s3" / path);
  }
  bool exists(const fs::path& path) const {
    return fs::exists(fs::symlink_status(folder_.path() / "data/s3" / path));
  }

  ScratchFolder folder_;
  ObjectStore store_{folder_.path() / "data"};
};

TEST_F(ObjectStoreTest, AnObjectIsAPlainFileAtItsKey) {
  const std::string bytes("\0binary\n\xff", 9);
  EXPECT_EQ(put("2026/01/x.gz", bytes), std::nullopt);
  EXPECT_EQ(file("b/2026/01/x.gz"), bytes);
  EXPECT_EQ(store_.get("b", "2026/01/x.gz"), bytes);
  EXPECT_EQ(store_.get("b", "2026/01"), std::nullopt);
  EXPECT_EQ(store_.get("c", "2026/01/x.gz"), std::nullopt);
}

TEST_F(ObjectStoreTest, NothingIsCreatedBeforeTheFirstPut) {
  EXPECT_FALSE(fs::exists(folder_.path() / "data"));
  EXPECT_EQ(store_.count(), 0u);
}

TEST_F(ObjectStoreTest, TheSidecarSaysWhatAFileCannot) {
  ObjectInfo info{"text/csv", "gzip", {{"\"quoted\"", "ü\n"}, {"b", ""}}};
  ASSERT_EQ(store_.put("b", "dir/a//", "hello", info, kNow), std::nullopt);
  EXPECT_EQ(file(".hydrant/b/dir/a/%2F/%2F.json"),
            R"({"Bucket":"b","Key":"dir/a//","ContentType":"text/csv","ContentEncoding":"gzip",)"
            R"("ContentLength":5,"ETag":"\"5d41402abc4b2a76b9719d911017c592\"",)"
            R"("LastModified":"2026-01-01T00:00:00.000Z",)"
            R"("Metadata":{"\"quoted\"":"ü\n","b":""}})"
            "\n");
}

TEST_F(ObjectStoreTest, AKeyThatIsNoTextIsExactInBase64) {
  ASSERT_EQ(put("\xff"), std::nullopt);
  EXPECT_THAT(file(".hydrant/b/\xff.json"), HasSubstr(R"("KeyBase64":"/w==")"));
}

TEST_F(ObjectStoreTest, ListTellsWhatWasWritten) {
  ASSERT_EQ(put("b/2", "22"), std::nullopt);
  ASSERT_EQ(put("a", "1", "bucket-a"), std::nullopt);
  const auto all = store_.list();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].bucket + ' ' + all[0].key + ' ' + all[0].path, "b b/2 b/b/2");
  EXPECT_EQ(all[0].size, 2u);
  EXPECT_EQ(all[0].etag, "b6d767d2f8ed5d21a44b0e5886680cb9");
  EXPECT_EQ(all[0].written, kNow);
  EXPECT_EQ(all[1].path, "bucket-a/a");
  EXPECT_EQ(store_.count(), 2u);
}

TEST_F(ObjectStoreTest, ATagIsTheMd5OfAllBytes) {
  std::string bytes(1'000'000, 'x');
  bytes.back() = 'y';
  ASSERT_EQ(put("k", bytes), std::nullopt);
  EXPECT_EQ(file("b/k"), bytes);
  EXPECT_EQ(store_.list()[0].etag, "241e9568be063906d332d131c9cc5e3a");
}

TEST_F(ObjectStoreTest, ATagOfSeveralPartsTellsTheirNumberAndEachByte) {
  std::string bytes(std::size_t{11} * 1024 * 1024, 'x');
  ASSERT_EQ(put("1", bytes), std::nullopt);
  bytes.back() = 'y';
  ASSERT_EQ(put("2", bytes), std::nullopt);
  EXPECT_EQ(file("b/2"), bytes);
  const auto all = store_.list();
  EXPECT_THAT(all[0].etag, testing::MatchesRegex("[0-9a-f]{32}-3"));
  EXPECT_THAT(all[1].etag, testing::MatchesRegex("[0-9a-f]{32}-3"));
  EXPECT_NE(all[0].etag, all[1].etag);
}

TEST_F(ObjectStoreTest, TheLaterOfTwoWritesStands) {
  ASSERT_EQ(put("k", "first"), std::nullopt);
  ASSERT_EQ(put("k", "2nd"), std::nullopt);
  EXPECT_EQ(file("b/k"), "2nd");
  EXPECT_THAT(file(".hydrant/b/k.json"), HasSubstr(R"("ContentLength":3)"));
  EXPECT_THAT(files(), ElementsAre(".hydrant/b/k.json", "b/k"));
}

TEST_F(ObjectStoreTest, AFolderThatComesBehindAFileOfItsNameIsMarked) {
  ASSERT_EQ(put("a", "file"), std::nullopt);
  ASSERT_EQ(put("a/b", "below"), std::nullopt);
  ASSERT_EQ(put("a/c/d", "deeper"), std::nullopt);
  EXPECT_THAT(files("b"), ElementsAre("a", "a%7E/b", "a%7E/c/d"));
  ASSERT_EQ(put("a", "file again"), std::nullopt);
  ASSERT_EQ(put("a/b", "below again"), std::nullopt);
  EXPECT_EQ(file("b/a"), "file again");
  EXPECT_EQ(file("b/a%7E/b"), "below again");
  EXPECT_EQ(store_.get("b", "a/b"), "below again");
}

TEST_F(ObjectStoreTest, AFileThatComesBehindAFolderOfItsNameIsMarked) {
  ASSERT_EQ(put("a/b", "below"), std::nullopt);
  ASSERT_EQ(put("a", "file"), std::nullopt);
  EXPECT_THAT(files("b"), ElementsAre("a%7E", "a/b"));
  EXPECT_EQ(store_.get("b", "a"), "file");
  EXPECT_THAT(file(".hydrant/b/a%7E.json"), HasSubstr(R"("Key":"a")"));
}

TEST_F(ObjectStoreTest, AMarkedObjectStaysWhereItIs) {
  ASSERT_EQ(put("a/b"), std::nullopt);
  ASSERT_EQ(put("a", "1"), std::nullopt);
  fs::remove_all(folder_.path() / "data/s3/b/a");
  ASSERT_EQ(put("a", "2"), std::nullopt);
  EXPECT_THAT(files("b"), ElementsAre("a%7E"));
  EXPECT_EQ(store_.get("b", "a"), "2");
}

TEST_F(ObjectStoreTest, LongSegmentsClashToo) {
  const std::string segment(300, 's');
  ASSERT_EQ(put(segment, "file"), std::nullopt);
  ASSERT_EQ(put(segment + "/b", "below"), std::nullopt);
  ASSERT_EQ(put(segment + "t", "another"), std::nullopt);
  EXPECT_EQ(store_.get("b", segment), "file");
  EXPECT_EQ(store_.get("b", segment + "/b"), "below");
  EXPECT_EQ(store_.get("b", segment + "t"), "another");
  for (const auto& path : files("b")) {
    EXPECT_THAT((std::vector{segment, segment + "/b", segment + "t"}),
                testing::Contains(key_of_path(path)));
  }
}

TEST_F(ObjectStoreTest, SidecarsNeverGetInEachOthersWay) {
  const std::string name(255, 'n');
  for (const char* key : {"a", "a.json/b", "c.json/d", "c", "e.json", "e"}) {
    ASSERT_EQ(put(key, key), std::nullopt) << key;
  }
  ASSERT_EQ(put(name, "long"), std::nullopt);
  EXPECT_EQ(files(".hydrant/b").size(), 7u);
  EXPECT_THAT(file(".hydrant/b/a.json"), HasSubstr(R"("Key":"a")"));
  EXPECT_THAT(file(".hydrant/b/a.json%7E/b.json"), HasSubstr(R"("Key":"a.json/b")"));
  EXPECT_THAT(file(".hydrant/b/c.json%7E"), HasSubstr(R"("Key":"c")"));
  EXPECT_EQ(file("b/" + name), "long");
}

TEST_F(ObjectStoreTest, ABucketNamedLikeAFolderOfTheStoreIsAnOrdinaryOne) {
  for (const char* bucket :
       {".hydrant", ".hydrant-tmp", "hydrant-tmp", "tmp", "..", ".", "/", "a/b", "../../up"}) {
    ASSERT_EQ(put("k", bucket, bucket), std::nullopt) << bucket;
    EXPECT_EQ(store_.get(bucket, "k"), bucket);
  }
  EXPECT_EQ(file("%2E%2E/k"), "..");
  EXPECT_EQ(file("a%2Fb/k"), "a/b");
  EXPECT_THAT(folder_.files(), testing::Each(testing::StartsWith("data/s3/")));
  EXPECT_THAT(put("k", "x", ""), Optional(HasSubstr("no folder can stand for the bucket")));
}

TEST_F(ObjectStoreTest, AFileOfSomebodyElseIsNeverReplaced) {
  folder_.write("data/s3/b/k", "theirs");
  EXPECT_THAT(put("k", "ours"),
              Optional(HasSubstr("s3/b/k: a file that this process did not write is there")));
  EXPECT_EQ(file("b/k"), "theirs");
  EXPECT_THAT(files(), ElementsAre("b/k"));
  EXPECT_EQ(store_.count(), 0u);
  fs::remove(folder_.path() / "data/s3/b/k");
  EXPECT_EQ(put("k", "ours"), std::nullopt);
}

TEST_F(ObjectStoreTest, AFileThatTookThePlaceOfOursIsNotReplaced) {
  ASSERT_EQ(put("k", "ours"), std::nullopt);
  folder_.write("data/s3/other", "theirs");
  fs::rename(folder_.path() / "data/s3/other", folder_.path() / "data/s3/b/k");
  EXPECT_THAT(put("k", "ours again"), Optional(HasSubstr("did not write")));
  store_.clear();
  EXPECT_EQ(file("b/k"), "theirs");
}

TEST_F(ObjectStoreTest, WhatAnEarlierRunLeftIsSomebodyElses) {
  ASSERT_EQ(put("k", "first run"), std::nullopt);
  ObjectStore later(folder_.path() / "data");
  EXPECT_THAT(later.put("b", "k", "second run", {}, kNow), Optional(HasSubstr("did not write")));
  fs::remove_all(folder_.path() / "data/s3/b");
  EXPECT_EQ(later.put("b", "k", "second run", {}, kNow), std::nullopt)
      << "a sidecar that was left alone does not count";
  EXPECT_THAT(file(".hydrant/b/k.json"), HasSubstr(R"("ContentLength":10)"));
}

TEST_F(ObjectStoreTest, ASymbolicLinkLeadsNoWriteOutOfTheBucket) {
  folder_.write("outside/file", "untouched");
  fs::create_directories(folder_.path() / "data/s3/b");
  fs::create_directory_symlink(folder_.path() / "outside", folder_.path() / "data/s3/b/link");
  fs::create_symlink(folder_.path() / "outside/file", folder_.path() / "data/s3/b/k");
  EXPECT_EQ(put("link/file", "inside"), std::nullopt);
  EXPECT_EQ(file("b/link%7E/file"), "inside");
  EXPECT_THAT(put("k"), Optional(HasSubstr("did not write")));
  EXPECT_EQ(folder_.read("outside/file"), "untouched");
  EXPECT_THAT(folder_.files("outside"), ElementsAre("file"));
}

TEST_F(ObjectStoreTest, ABucketThatIsALinkIsRefused) {
  fs::create_directories(folder_.path() / "outside");
  fs::create_directories(folder_.path() / "data/s3");
  fs::create_directory_symlink(folder_.path() / "outside", folder_.path() / "data/s3/b");
  EXPECT_THAT(put("k"), Optional(HasSubstr("s3/b: Not a directory")));
  EXPECT_THAT(folder_.files("outside"), IsEmpty());
}

TEST_F(ObjectStoreTest, ADataFolderThatCannotBeMadeIsToldAndCanBeRetried) {
  folder_.write("data", "a file in the way");
  EXPECT_THAT(put("k"), Optional(HasSubstr("Not a directory")));
  fs::remove(folder_.path() / "data");
  EXPECT_EQ(put("k"), std::nullopt);
}

// A limit on the size of a file fails in the same place as a disk that is full.
TEST_F(ObjectStoreTest, AWriteThatFailsHalfwayLeavesNothingBehind) {
  ASSERT_EQ(put("k", "old"), std::nullopt);
  const auto before = files();
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  ::getrlimit(RLIMIT_FSIZE, &unlimited);
  const rlimit small{1000, unlimited.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto failure = put("k", std::string(100'000, 'x'));
  const auto failure_of_new = put("new", std::string(100'000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &unlimited);
  ::signal(SIGXFSZ, SIG_DFL);

  EXPECT_THAT(failure, Optional(HasSubstr("File too large")));
  EXPECT_THAT(failure_of_new, Optional(HasSubstr("File too large")));
  EXPECT_EQ(files(), before);
  EXPECT_EQ(file("b/k"), "old");
  EXPECT_EQ(store_.get("b", "k"), "old");
  EXPECT_EQ(put("new", std::string(100'000, 'x')), std::nullopt);
}

TEST_F(ObjectStoreTest, APathTooLongForTheSystemIsToldAndNotWritten) {
  std::string key;
  for (int i = 0; i < 84; ++i) key += std::string(49, 'a') + '/';
  EXPECT_THAT(put(key), Optional(HasSubstr("its path would have over 4095 bytes")));
  EXPECT_FALSE(fs::exists(folder_.path() / "data"));
  key.resize(1'023);  // S3's own limit for a key is 1024
  EXPECT_EQ(put(key + "x"), std::nullopt);
}

TEST_F(ObjectStoreTest, ClearRemovesWhatIsOursAndNothingElse) {
  ASSERT_EQ(put("mine/k"), std::nullopt);
  ASSERT_EQ(put("shared/k"), std::nullopt);
  ASSERT_EQ(put("k", "x", "other"), std::nullopt);
  folder_.write("data/s3/b/shared/theirs", "theirs");
  fs::create_directories(folder_.path() / "data/s3/b/empty-but-theirs");
  store_.clear();
  EXPECT_THAT(files(), ElementsAre("b/shared/theirs"));
  EXPECT_FALSE(exists("b/mine"));
  EXPECT_FALSE(exists("other"));
  EXPECT_FALSE(exists(".hydrant"));
  EXPECT_TRUE(exists("b/empty-but-theirs"));
  EXPECT_EQ(store_.count(), 0u);
  EXPECT_EQ(put("mine/k"), std::nullopt);
}

TEST_F(ObjectStoreTest, ClearLeavesNoFolderThatItMade) {
  ASSERT_EQ(put("a/b/c/" + std::string(300, 'l')), std::nullopt);
  store_.clear();
  store_.clear();
  EXPECT_TRUE(fs::is_empty(folder_.path() / "data"));
}

// Each pair of keys wants the same name as a file and as a folder, at the same moment.
TEST_F(ObjectStoreTest, WritersAtOnceLoseNothing) {
  constexpr int kThreads = 4, kKeys = 25;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < kKeys; ++i) {
        const auto key = "d/" + std::to_string(i) + (t % 2 == 0 ? "" : "/below");
        EXPECT_EQ(put(key, key), std::nullopt);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(store_.count(), 2u * kKeys);
  for (const auto& object : store_.list()) {
    EXPECT_EQ(store_.get("b", object.key), object.key);
    EXPECT_EQ(file(object.path), object.key);
  }
  EXPECT_EQ(files().size(), 4u * kKeys) << "a temporary file was left, or an object is missing";
}

TEST_F(ObjectStoreTest, AClearAmidWritersLeavesOnlyWhatIsListed) {
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) EXPECT_EQ(put("k" + std::to_string(i % 3)), std::nullopt);
    done = true;
  });
  while (!done) store_.clear();
  writer.join();
  EXPECT_EQ(files("b").size(), store_.count());
  EXPECT_EQ(files(".hydrant").size(), store_.count());
}

}  // namespace
}  // namespace hydrant::objects
