-- PutRecord of 100 random bytes.
local common = dofile("common.lua")
common.install("PutRecord", 1024, function()
  return string.format('{"StreamName":"bench","Data":"%s","PartitionKey":"%s"}', common.data(100),
    common.key())
end, '"SequenceNumber"')
