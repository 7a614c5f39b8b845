-- PutRecord of bytes=100 random bytes to stream=bench, in format=json or cbor.
local common = dofile("common.lua")
local arguments = common.arguments

common.install({
  operation = "PutRecord",
  variants = 1024,
  body = function()
    return common.encoded({
      {"StreamName", common.text(arguments.stream or "bench")},
      {"Data", common.data(tonumber(arguments.bytes or 100))},
      {"PartitionKey", common.text(common.key())},
    })
  end,
  good = function(text) return text:find("SequenceNumber", 1, true) end,
})
