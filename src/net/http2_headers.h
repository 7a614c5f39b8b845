// The header list of a reply on HTTP/2: names in lower case, without what belongs to a connection.
#pragma once
#include <nghttp2/nghttp2.h>

#include <string>
#include <string_view>
#include <vector>

#include "net/message.h"

namespace hydrant::net {

class Http2Headers {
 public:
  Http2Headers(const Reply& reply, std::string_view date);

  const nghttp2_nv* data() const { return list_.data(); }
  std::size_t size() const { return list_.size(); }

 private:
  void add(std::string_view name, std::string_view value);
  void add_line(std::string_view line);

  std::string text_;  // what the list points into: reserved once, never moved
  std::vector<nghttp2_nv> list_;
};

}  // namespace hydrant::net
