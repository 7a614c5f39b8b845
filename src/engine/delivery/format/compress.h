// CompressionFormat: what the bytes of an object are turned into, and what its name and headers say
// of it.
#pragma once
#include <string_view>

#include "engine/delivery/payload.h"
#include "engine/delivery/settings.h"

namespace hydrant::delivery {

// With its dot; "" for uncompressed. Both Snappy forms have the same one: the service writes
// .snappy where its documentation says .hsnappy.
std::string_view default_extension(Compression compression);

// The Content-Encoding of the object; "" for none.
std::string_view content_encoding(Compression compression);

// The whole body of one object. `entry_name` is what the one entry of a ZIP archive is called, and
// is not used otherwise; the service takes a UUID. At most 65,535 bytes, and for ZIP less than 4
// GiB of `bytes`. The same input gives the same output. Takes as much memory as the output may
// need. Any thread.
Payload compress(Compression compression, std::string_view bytes, std::string_view entry_name);

}  // namespace hydrant::delivery
