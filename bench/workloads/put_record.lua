-- PutRecord of bytes=100 random bytes to stream=bench.
local common = dofile("common.lua")
local arguments = common.arguments
common.install({
  operation = "PutRecord",
  variants = 1024,
  body = function()
    return string.format('{"StreamName":"%s","Data":"%s","PartitionKey":"%s"}',
      arguments.stream or "bench", common.data(tonumber(arguments.bytes or 100)), common.key())
  end,
  good = function(text) return text:find('"SequenceNumber"', 1, true) end,
})
