#include "net/http2_limits.h"

#include <nghttp2/nghttp2.h>

namespace hydrant::net {

bool Http2Limits::take_frame(std::uint8_t type) {
  if (type != NGHTTP2_CONTINUATION) continuations_ = 0;
  switch (type) {
    case NGHTTP2_DATA:
    case NGHTTP2_HEADERS:
      return true;
    case NGHTTP2_CONTINUATION:
      return ++continuations_ <= kContinuationsMax;
    case NGHTTP2_RST_STREAM:
      return resets_.spend();
    case NGHTTP2_WINDOW_UPDATE:
      return window_updates_.spend();
    default:
      return controls_.spend();
  }
}

void Http2Limits::pass_time(std::chrono::milliseconds passed) {
  resets_.refill(passed);
  controls_.refill(passed);
  window_updates_.refill(passed);
  empty_frames_.refill(passed);
}

}  // namespace hydrant::net
