// Request, Reply and Handler: all that the floors above see of HTTP.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::net {

// Readable bytes behind the end of every request body, so that a parser may load whole vectors.
inline constexpr std::size_t kBodyPadding = 64;

struct Header {
  std::string_view name;
  std::string_view value;
};

// One complete request. The views point into buffers of the connection and stay valid until the
// reply is given, also when it is given later.
struct Request {
  std::string_view method;
  std::string_view target;  // as sent: path and query
  std::vector<Header> headers;
  std::string_view body;  // at least kBodyPadding readable bytes follow it
  // The body as it was sent, if the handler has put in its place what its Content-Encoding packs.
  std::string_view packed_body = {};

  // The value of the first header of that name, in any case; data() is null if there is none.
  std::string_view header(std::string_view name) const;
  std::string_view path() const;   // the target before '?'
  std::string_view query() const;  // the target behind '?', empty if there is none
};

// A body that is made while it is sent, such as an event stream. The connection pulls: it asks for
// more only while its peer takes what it was given, so that a peer that stops reading holds up
// nothing but itself. All but the wake function is called on the connection's thread; the body is
// destroyed there too, when it has ended or the connection has gone.
class BodyStream {
 public:
  enum class Next {
    more,  // ask again when what was appended has been sent
    wait,  // ask again after a wake
    end,   // what was appended is the last
  };
  virtual ~BodyStream() = default;

  // Called once, before the first read. `wake` may be called from any thread, at any time and as
  // often as anybody likes, also after the connection has gone.
  virtual void start(std::function<void()> wake) = 0;
  // Appends what comes next, whole messages only: behind each read the body can be ended in good
  // order. To append nothing is allowed.
  virtual Next read(std::string& out) = 0;
};

// The connection adds Date and Content-Length, and Connection where the client needs to be told. On
// HTTP/2 it writes the names in lower case and leaves out the headers of a connection.
struct Reply {
  int status = 200;
  std::string headers;  // complete lines, each ended by CRLF
  std::string body;
  bool close = false;  // end the connection behind this reply; on HTTP/2 it goes on
  // Sent in place of the body, of a length that nobody knows; null for the usual reply.
  std::shared_ptr<BodyStream> stream;

  Reply& header(std::string_view name, std::string_view value);
};

// What a handler may ask of the connection: more time, if it cannot answer at once, and memory.
class Later {
 public:
  using Give = std::function<void(Reply)>;
  virtual ~Later() = default;
  // The handler promises to call the function it gets once, from any thread; serve()'s own result
  // is then not used. If the client has gone meanwhile the call does nothing.
  virtual Give defer() = 0;
  // An empty reply, with memory of earlier ones if there is any to spare.
  virtual Reply spare_reply() { return {}; }
};

// Called on the thread of the connection, one call of a connection at a time; on HTTP/2 the next
// request may be served while replies to earlier ones are still to be given. A handler serves many
// connections and must be thread-safe. It must not block.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Reply serve(const Request& request, Later& later) = 0;
};

bool equals_ignoring_case(std::string_view a, std::string_view b);
std::string percent_decode(std::string_view text);

}  // namespace hydrant::net
