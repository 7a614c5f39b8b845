#include "engine/objects/key_path.h"

#include <gtest/gtest.h>

#include <set>

#include "core/random.h"
#include "engine/objects/object_store.h"

namespace hydrant::objects {
namespace {

std::string path_of(const std::string& key) { return ObjectStore::escaped_key(key); }

// Keys made of the pieces that matter: dots, slashes, percent signs, hex digits, marks, long runs.
std::string hostile_key(Random& random) {
  static const std::vector<std::string> kPieces = {"/",
                                                   "/",
                                                   ".",
                                                   "..",
                                                   "%",
                                                   "%2F",
                                                   "%2B",
                                                   "%7E",
                                                   "%7e",
                                                   "%00",
                                                   "2",
                                                   "E",
                                                   "a",
                                                   "\n",
                                                   "é",
                                                   ".hydrant",
                                                   "../../etc",
                                                   "%2",
                                                   "%25",
                                                   ".json",
                                                   "//",
                                                   "\\",
                                                   " ",
                                                   "%%",
                                                   "7E",
                                                   std::string(1, '\0'),
                                                   std::string(252, 'x'),
                                                   std::string(300, 'y'),
                                                   std::string(255, '.'),
                                                   std::string(1, '\xff')};
  std::string key;
  for (auto count = random.next() % 12; count > 0; --count) {
    key += random.next() % 4 == 0 ? std::string(1, static_cast<char>(random.next()))
                                  : kPieces[random.next() % kPieces.size()];
  }
  return key;
}

TEST(KeyPathTest, AnOrdinaryKeyIsItsOwnPath) {
  for (const char* key : {"a", "2026/01/01/00/stream-1-2026-01-01-00-00-00-uuid.gz", "a b/ü=%/100%",
                          ".hidden/...", "key~/+%4/%G1", "hydrant", "a\nb"}) {
    EXPECT_EQ(path_of(key), key);
  }
}

TEST(KeyPathTest, WhatAFileSystemCannotHoldIsEscaped) {
  EXPECT_EQ(path_of("."), "%2E");
  EXPECT_EQ(path_of("../../etc/passwd"), "%2E%2E/%2E%2E/etc/passwd");
  EXPECT_EQ(path_of("/a//b/"), "%2F/a/%2F/b/%2F");
  EXPECT_EQ(path_of(""), "%2F");
  EXPECT_EQ(path_of(".hydrant/x"), "%2Ehydrant/x");
  EXPECT_EQ(path_of("a/.hydrant-tmp"), "a/%2Ehydrant-tmp");
  EXPECT_EQ(path_of(std::string("a\0b", 3)), "a%00b");
  EXPECT_EQ(path_of("50%25/%2f"), "50%2525/%252f");
}

TEST(KeyPathTest, ASegmentTooLongForANameIsAChainOfFolders) {
  const std::string fits(255, 'a'), long_segment(256, 'a');
  EXPECT_EQ(path_of(fits), fits);
  EXPECT_EQ(path_of(long_segment), std::string(252, 'a') + "%2B/aaaa");
  EXPECT_EQ(path_of(std::string(251, 'a') + "éfgh"), std::string(251, 'a') + "%2B/éfgh")
      << "not cut inside a character";
}

TEST(KeyPathTest, EveryKeyComesBackFromItsPathAndNoneLeavesTheFolder) {
  Random random(7);
  std::set<std::string> keys, paths;
  for (int i = 0; i < 20'000; ++i) {
    const auto key = hostile_key(random);
    const auto path = path_of(key);
    ASSERT_EQ(key_of_path(path), key) << path;
    for (const auto& name : split_path(path)) {
      ASSERT_FALSE(name.empty() || name == "." || name == "..") << path;
      ASSERT_FALSE(name.size() > kNameBytesMax || name.find('\0') != std::string::npos) << path;
      ASSERT_EQ(name.find('/'), std::string::npos);
    }
    keys.insert(key);
    paths.insert(path);
  }
  EXPECT_EQ(keys.size(), paths.size()) << "two keys share a path";
}

TEST(KeyPathTest, AMarkForATakenNameDoesNotChangeTheKey) {
  Random random(8);
  for (int i = 0; i < 5'000; ++i) {
    const auto key = hostile_key(random);
    std::vector<std::string> names;
    for (const auto& segment : escaped_segments(key)) {
      for (auto& name : names_of(segment + std::string(kTaken))) names.push_back(name);
    }
    ASSERT_EQ(key_of_path(joined(names)), key);
  }
}

TEST(KeyPathTest, ABucketIsOneName) {
  EXPECT_EQ(escaped_bucket("my-bucket.eu"), "my-bucket.eu");
  EXPECT_EQ(escaped_bucket(".."), "%2E%2E");
  EXPECT_EQ(escaped_bucket("a/../b"), "a%2F..%2Fb");
  EXPECT_EQ(escaped_bucket("/"), "%2F");
  EXPECT_EQ(escaped_bucket(".hydrant"), "%2Ehydrant");
  EXPECT_EQ(escaped_bucket(""), std::nullopt);
  EXPECT_EQ(escaped_bucket(std::string(256, 'a')), std::nullopt);
}

}  // namespace
}  // namespace hydrant::objects
