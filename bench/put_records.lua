-- PutRecords of 500 records of 1 KiB, a body of some 700 KB.
local common = dofile("common.lua")
common.install("PutRecords", 8, function()
  local records = {}
  for i = 1, 500 do
    records[i] = string.format('{"Data":"%s","PartitionKey":"%s"}', common.data(1024), common.key())
  end
  return '{"StreamName":"bench","Records":[' .. table.concat(records, ",") .. "]}"
end, '"FailedRecordCount":0')
