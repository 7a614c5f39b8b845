// PutMetricData. The data are counted and dropped; values are not looked at.
#include "services/cloudwatch/operation.h"

namespace hydrant::cloudwatch {
namespace {

bool is_namespace(Text text) { return !text.empty() && text.front() != ':'; }

constexpr aws::Pattern kNamespacePattern{"[^:].*", &is_namespace};

struct Datum {
  static constexpr std::string_view kTypeName = "MetricDatum";
  Text metric_name;

  static constexpr auto shape() {
    return aws::fields(aws::field("MetricName", &Datum::metric_name, aws::length(1, 255)));
  }
};

struct Input {
  Text name_space;
  std::optional<std::vector<Datum>> metric_data;

  static constexpr auto shape() {
    return aws::fields(aws::field("Namespace", &Input::name_space,
                                  aws::matching(kNamespacePattern).with_length(1, 255)),
                       aws::field("MetricData", &Input::metric_data));
  }
};

Result<void> put_metric_data(Context& ctx, const Input& in, Writer&) {
  ctx.sink.count(in.name_space, in.metric_data ? in.metric_data->size() : 0);
  return {};
}

}  // namespace

extern const Operation kPutMetricData = operation<&put_metric_data>("PutMetricData");

}  // namespace hydrant::cloudwatch
