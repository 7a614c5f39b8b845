-- PutRecords of 500 records of bytes=1024 to stream=bench; a body of some 700 KB.
local common = dofile("common.lua")
local arguments = common.arguments
common.install({
  operation = "PutRecords",
  variants = 8,
  body = function()
    local records = {}
    for i = 1, 500 do
      records[i] = string.format('{"Data":"%s","PartitionKey":"%s"}',
        common.data(tonumber(arguments.bytes or 1024)), common.key())
    end
    return string.format('{"StreamName":"%s","Records":[%s]}', arguments.stream or "bench",
      table.concat(records, ","))
  end,
  good = function(text) return text:find('"FailedRecordCount": ?0[,}]') end,
})
