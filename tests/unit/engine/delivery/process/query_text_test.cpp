// What the text of a query tells.
#include "engine/delivery/process/query_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hydrant::delivery {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(KeysOfQueryTest, AreThoseOfTheObject) {
  EXPECT_THAT(keys_of_query(R"({customer_id:.customer_id, "year" : .t|strftime("%Y, {x:1}")})"),
              ElementsAre("customer_id", "year"));
}

TEST(KeysOfQueryTest, MayStandForTheirValues) {
  EXPECT_THAT(keys_of_query(R"q(. as $v | {a, "b c", $v})q"), ElementsAre("a", "b c", "v"));
}

TEST(KeysOfQueryTest, ThatAreWorkedOutAreNotKnown) {
  EXPECT_THAT(keys_of_query(R"q({(.a):1, "x\(.b)":2, @text "y":3, "\u0061":4, z:5})q"),
              ElementsAre("z"));
}

TEST(KeysOfQueryTest, AreNotThoseOfObjectsInside) {
  EXPECT_THAT(keys_of_query("{a: {b: 1} | .b, c: [{d: 2}] | length}"), ElementsAre("a", "c"));
}

TEST(KeysOfQueryTest, AreThoseOfTheLastStep) {
  EXPECT_THAT(keys_of_query("{x: .a} | {a: .x}"), ElementsAre("a"));
  EXPECT_THAT(keys_of_query("def f: {x: 1}; .a | {b: f | .x}"), ElementsAre("b"));
}

TEST(KeysOfQueryTest, AreNotKnownWhereTheLastStepIsMoreThanAnObject) {
  for (const auto* query : {"", ".", "{a: 1} + {b: 2}", "if .x then {a: 1} else {b: 2} end",
                            "[{a: 1}]", "{a: 1}.a", ". |= {a: 1}", "{a: 1", "\"{a: 1}\""})
    EXPECT_THAT(keys_of_query(query), IsEmpty()) << query;
}

TEST(KeysOfQueryTest, CommentsAreNone) {
  EXPECT_THAT(keys_of_query("# {x:1}\n{a: 1, # b: 2,\n \"#c\": 3} # }"), ElementsAre("a", "#c"));
}

TEST(KeysOfQueryTest, StringsMayHoldPrograms) {
  EXPECT_THAT(keys_of_query(R"q({a: "\("}" + ")")}", b: "\\", c: "\""})q"),
              ElementsAre("a", "b", "c"));
}

TEST(KeysOfQueryTest, TakesAnyText) {
  for (const auto* query :
       {"{\"", "{a:\"\\", "{a:\"\\(", "}{", ")", "{,}", "{:}", "{a:1,}", "{\"\\"})
    (void)keys_of_query(query);
}

TEST(PairedBracketsTest, AreClosedInTheirOrder) {
  for (const auto* query :
       {"", ".", "{a:(.b[0])}", "\")\"", ". # )", "\"\\((1))\"", "\"\\(\")\")\""})
    EXPECT_TRUE(has_paired_brackets(query)) << query;
  for (const auto* query : {"(", ")", ")(", "(]", "{[}]", "\"\" )"})
    EXPECT_FALSE(has_paired_brackets(query)) << query;
}

}  // namespace
}  // namespace hydrant::delivery
