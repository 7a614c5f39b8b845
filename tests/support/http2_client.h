// A client's end of an HTTP/2 connection: one that behaves, and frames by hand for those that do
// not. Both work on any socket that has send() and read(), blocking.
#pragma once
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::testing {

inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

inline std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift));
  return out;
}

inline std::string http2_frame(int type, int flags, std::uint32_t stream_id,
                               std::string_view payload = {}) {
  std::string frame = big_endian(payload.size(), 3);
  frame.push_back(static_cast<char>(type));
  frame.push_back(static_cast<char>(flags));
  return frame.append(big_endian(stream_id, 4)).append(payload);
}

// One header without compression (RFC 7541, 6.2.2).
inline std::string http2_field(std::string_view name, std::string_view value) {
  std::string field(1, '\0');
  for (const auto text : {name, value}) {
    if (text.size() < 127) {
      field.push_back(static_cast<char>(text.size()));
    } else {
      field.push_back(127);
      std::size_t rest = text.size() - 127;
      for (; rest >= 128; rest /= 128) field.push_back(static_cast<char>(rest % 128 + 128));
      field.push_back(static_cast<char>(rest));
    }
    field.append(text);
  }
  return field;
}

inline std::string http2_header_block(std::string_view path = "/") {
  return http2_field(":method", "POST") + http2_field(":scheme", "http") +
         http2_field(":path", path) + http2_field(":authority", "localhost");
}

// What a test sends and reads frame by frame.
template <class Socket>
class Http2Frames {
 public:
  struct Frame {
    int type = -1;  // -1: the connection has ended
    int flags = 0;
    std::uint32_t stream_id = 0;
    std::string payload;
  };

  explicit Http2Frames(Socket& socket) : socket_(socket) {}

  bool greet() { return send(std::string(kHttp2Preface) + http2_frame(NGHTTP2_SETTINGS, 0, 0)); }
  bool send(std::string_view bytes) { return socket_.send(bytes); }
  Frame read() {
    const auto header = socket_.read(9);
    if (header.size() < 9) return {};
    Frame frame;
    frame.type = byte(header, 3);
    frame.flags = byte(header, 4);
    frame.stream_id = number(header, 5) & 0x7fffffff;
    frame.payload = socket_.read(number(std::string(1, 0) + header.substr(0, 3), 0));
    return frame;
  }
  // Drops others until then.
  Frame read_until(int type) {
    Frame frame = read();
    while (frame.type != type && frame.type != -1) frame = read();
    return frame;
  }
  // The error code of the GOAWAY with which the server ended; -1 without one.
  int goaway() {
    const auto frame = read_until(NGHTTP2_GOAWAY);
    return frame.type == -1 ? -1 : static_cast<int>(number(frame.payload, 4));
  }

  static std::uint32_t number(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value = value * 256 + static_cast<std::uint32_t>(byte(bytes, at + i));
    return value;
  }

 private:
  static int byte(const std::string& bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
  }

  Socket& socket_;
};

struct Http2Answer {
  int status = 0;
  std::vector<int> early;  // statuses before that, such as 100
  std::map<std::string, std::string> headers;
  std::string body;
  bool complete = false;    // with END_STREAM
  bool closed = false;      // complete, or reset
  std::uint32_t error = 0;  // of a reset
};

struct Http2Request {
  std::string method = "POST";
  std::string path = "/";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::vector<std::pair<std::string, std::string>> trailers = {};
  bool open = false;  // the body does not end by itself: see finish()
};

template <class Socket>
class Http2Client {
 public:
  struct Settings {
    std::uint32_t stream_window = 8 * 1024 * 1024;
    bool open_windows = true;  // as data is read; false: only by open_window()
  };

  explicit Http2Client(Socket& socket) : Http2Client(socket, Settings{}) {}
  Http2Client(Socket& socket, Settings settings) : socket_(socket) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_option* option = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_option_new(&option);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_option_set_no_auto_window_update(option, settings.open_windows ? 0 : 1);
    nghttp2_session* made = nullptr;
    nghttp2_session_client_new2(&made, callbacks, this, option);
    session_.reset(made);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry window = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE,
                                           settings.stream_window};
    nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, &window, 1);
    if (settings.open_windows)
      nghttp2_session_set_local_window_size(made, NGHTTP2_FLAG_NONE, 0, 1 << 28);
    write();
  }

  // Sent as far as the server's windows allow; the rest with the reading. The stream's id.
  std::int32_t send(Http2Request request) {
    auto owned = std::make_unique<Sending>();
    owned->request = std::move(request);
    const auto& sent = owned->request;
    std::vector<nghttp2_nv> list = {field(":method", sent.method), field(":scheme", "http"),
                                    field(":path", sent.path), field(":authority", "localhost")};
    for (const auto& [name, value] : sent.headers) list.push_back(field(name, value));
    nghttp2_data_provider provider{};
    provider.source.ptr = owned.get();
    provider.read_callback = on_read;
    const bool has_body = !sent.body.empty() || sent.open || !sent.trailers.empty();
    const auto id = nghttp2_submit_request(session_.get(), nullptr, list.data(), list.size(),
                                           has_body ? &provider : nullptr, nullptr);
    sending_[id] = std::move(owned);
    write();
    return id;
  }
  void finish(std::int32_t id) {
    sending_[id]->request.open = false;
    nghttp2_session_resume_data(session_.get(), id);
    write();
  }
  void reset(std::int32_t id) {
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
    write();
  }
  void ping() {
    nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
    write();
  }
  void open_window(std::int32_t id, std::int32_t bytes) {
    nghttp2_submit_window_update(session_.get(), NGHTTP2_FLAG_NONE, id, bytes);
    nghttp2_submit_window_update(session_.get(), NGHTTP2_FLAG_NONE, 0, bytes);
    write();
  }

  // Reads until then; false if the connection ends before (or nothing comes for ten seconds).
  bool read_until(const std::function<bool()>& done) {
    while (!done()) {
      const auto bytes = socket_.read_available();
      if (bytes.empty()) return done();
      const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
      if (nghttp2_session_mem_recv(session_.get(), data, bytes.size()) < 0) return false;
      write();
    }
    return true;
  }
  Http2Answer& answer(std::int32_t id) { return answers_[id]; }
  Http2Answer read_answer(std::int32_t id) {
    read_until([&] { return answers_[id].closed; });
    return answers_[id];
  }
  Http2Answer ask(Http2Request request) { return read_answer(send(std::move(request))); }

  int pongs() const { return pongs_; }
  std::optional<std::uint32_t> goaway() const { return goaway_; }
  std::int32_t goaway_last_stream() const { return goaway_last_stream_; }
  std::uint32_t setting(nghttp2_settings_id id) const {
    return nghttp2_session_get_remote_settings(session_.get(), id);
  }

 private:
  struct Sending {
    Http2Request request;
    std::size_t sent = 0;
  };
  struct Free {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };

  static Http2Client& self(void* user) { return *static_cast<Http2Client*>(user); }
  static nghttp2_nv field(std::string_view name, std::string_view value) {
    const auto bytes = [](std::string_view text) {
      return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user) {
    auto& answer = self(user).answers_[frame->hd.stream_id];
    const std::string key(reinterpret_cast<const char*>(name), name_size);
    const std::string text(reinterpret_cast<const char*>(value), value_size);
    if (key == ":status") {
      if (answer.status != 0) answer.early.push_back(answer.status);
      answer.status = std::stoi(text);
    } else {
      answer.headers[key] = text;
    }
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                     std::size_t size, void* user) {
    self(user).answers_[id].body.append(reinterpret_cast<const char*>(bytes), size);
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0)
      ++self(user).pongs_;
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      self(user).goaway_ = frame->goaway.error_code;
      self(user).goaway_last_stream_ = frame->goaway.last_stream_id;
    }
    const bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if ((frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS) && ends)
      self(user).answers_[frame->hd.stream_id].complete = true;
    return 0;
  }
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t error, void* user) {
    auto& answer = self(user).answers_[id];
    answer.closed = true;
    answer.error = error;
    return 0;
  }
  static ssize_t on_read(nghttp2_session* session, std::int32_t id, std::uint8_t* into,
                         std::size_t bytes_max, std::uint32_t* flags, nghttp2_data_source* source,
                         void*) {
    auto& sending = *static_cast<Sending*>(source->ptr);
    const auto& request = sending.request;
    const auto bytes = std::min(bytes_max, request.body.size() - sending.sent);
    if (bytes == 0 && request.open) return NGHTTP2_ERR_DEFERRED;
    std::copy_n(request.body.data() + sending.sent, bytes, into);
    sending.sent += bytes;
    if (sending.sent < request.body.size() || request.open) return static_cast<ssize_t>(bytes);
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (request.trailers.empty()) return static_cast<ssize_t>(bytes);
    *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
    std::vector<nghttp2_nv> list;
    for (const auto& [name, value] : request.trailers) list.push_back(field(name, value));
    nghttp2_submit_trailer(session, id, list.data(), list.size());
    return static_cast<ssize_t>(bytes);
  }

  void write() {
    const std::uint8_t* bytes = nullptr;
    for (;;) {
      const auto size = nghttp2_session_mem_send(session_.get(), &bytes);
      if (size <= 0) return;
      socket_.send({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
    }
  }

  Socket& socket_;
  std::map<std::int32_t, Http2Answer> answers_;
  std::map<std::int32_t, std::unique_ptr<Sending>> sending_;
  int pongs_ = 0;
  std::optional<std::uint32_t> goaway_;
  std::int32_t goaway_last_stream_ = 0;
  std::unique_ptr<nghttp2_session, Free> session_;
};

}  // namespace hydrant::testing
