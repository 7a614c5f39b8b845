-- PutRecords of 500 records of bytes=1024 to stream=bench, in format=json or cbor; as JSON some 700 KB.
local common = dofile("common.lua")
local arguments = common.arguments

common.install({
  operation = "PutRecords",
  variants = 8,
  body = function()
    local records = {}
    for i = 1, 500 do
      records[i] = common.encoded({
        {"Data", common.data(tonumber(arguments.bytes or 1024))},
        {"PartitionKey", common.text(common.key())},
      })
    end
    return common.encoded({
      {"StreamName", common.text(arguments.stream or "bench")},
      {"Records", common.list(records)},
    })
  end,
  good = function(text)
    return text:find('"FailedRecordCount": ?0[,}]') or text:find("FailedRecordCount\0", 1, true)
  end,
})
