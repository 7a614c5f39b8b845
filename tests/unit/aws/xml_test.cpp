#include "aws/codec/xml.h"

#include <gtest/gtest.h>

namespace hydrant::aws {
namespace {

TEST(XmlTest, MembersBecomeElements) {
  std::string out;
  XmlWriter writer(out, 1);
  writer.begin_map().member("Text", "a<b>&\"c\"").member("Count", std::int64_t{3});
  writer.member("Flag", true).end_map();
  EXPECT_EQ(out,
            "  <Text>a&lt;b&gt;&amp;&quot;c&quot;</Text>\n"
            "  <Count>3</Count>\n"
            "  <Flag>true</Flag>\n");
}

TEST(XmlTest, ElementsOfAListAreCalledMember) {
  std::string out;
  XmlWriter writer(out, 0);
  writer.begin_map().key("List").begin_list().text("a");
  writer.begin_map().member("Name", "b").end_map().end_list().end_map();
  EXPECT_EQ(out,
            "<List>\n"
            "  <member>a</member>\n"
            "  <member>\n"
            "    <Name>b</Name>\n"
            "  </member>\n"
            "</List>\n");
}

TEST(XmlTest, WhatXmlCannotHoldIsReplaced) {
  std::string out;
  append_xml_text(out, std::string_view("a\0b\x1f\tc\n", 7));
  EXPECT_EQ(out, "a?b?\tc\n");
}

TEST(XmlTest, AnAnswerWithoutAResultHasItsRequestId) {
  EXPECT_EQ(xml_result("PutMetricData", "http://n/", "", "id"),
            "<PutMetricDataResponse xmlns=\"http://n/\">\n"
            "  <ResponseMetadata>\n"
            "    <RequestId>id</RequestId>\n"
            "  </ResponseMetadata>\n"
            "</PutMetricDataResponse>\n");
}

TEST(XmlTest, ARefusalNamesTheSender) {
  EXPECT_EQ(xml_error({"InvalidAction", "no <such> thing"}, "http://n/", "id"),
            "<ErrorResponse xmlns=\"http://n/\">\n"
            "  <Error>\n"
            "    <Type>Sender</Type>\n"
            "    <Code>InvalidAction</Code>\n"
            "    <Message>no &lt;such&gt; thing</Message>\n"
            "  </Error>\n"
            "  <RequestId>id</RequestId>\n"
            "</ErrorResponse>\n");
}

}  // namespace
}  // namespace hydrant::aws
