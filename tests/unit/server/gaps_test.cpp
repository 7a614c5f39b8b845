#include "server/gaps.h"

#include <gmock/gmock.h>

namespace hydrant::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(GapsTest, EachIsListedOnceInTheOrderInWhichItWasMet) {
  Gaps gaps;
  gaps.add("b", "Encryption", "objects are not encrypted");
  gaps.add("a", "Encryption", "objects are not encrypted");
  gaps.add("b", "Encryption", "objects are not encrypted");
  EXPECT_THAT(gaps.list(), ElementsAre(Gap{"b", "Encryption", "objects are not encrypted"},
                                       Gap{"a", "Encryption", "objects are not encrypted"}));
}

TEST(GapsTest, ThereIsAnEndToTheList) {
  Gaps gaps;
  for (std::size_t i = 0; i < Gaps::kGapsMax + 2; ++i) gaps.add(std::to_string(i), "s", "w");
  EXPECT_EQ(gaps.list().size(), Gaps::kGapsMax);
  EXPECT_EQ(gaps.dropped(), 2U);
}

TEST(GapsTest, AResetForgetsThem) {
  Gaps gaps;
  gaps.add("a", "s", "w");
  gaps.clear();
  EXPECT_THAT(gaps.list(), IsEmpty());
}

}  // namespace
}  // namespace hydrant::server
