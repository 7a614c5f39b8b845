// The two forms in which blocks of Snappy follow each other. Neither is Snappy's own framing
// format.
#pragma once
#include <string_view>

#include "engine/delivery/payload.h"

namespace hydrant::delivery {

// As SnappyOutputStream of snappy-java writes it: a header of 16 bytes, then blocks of up to 32
// KiB, each behind its compressed length.
Payload snappy_java(std::string_view bytes);

// As BlockCompressorStream of Hadoop: blocks of up to 32 KiB, each behind its length before and
// after compression.
Payload hadoop_snappy(std::string_view bytes);

}  // namespace hydrant::delivery
