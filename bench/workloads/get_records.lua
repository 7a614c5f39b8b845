-- GetRecords of 1000 records by iterator=..., again and again, in format=json or cbor. An answer of 1.5 MB
-- takes wrk longer to hand to Lua than a server to send, so only its status is looked at, and all of them
-- together must have least=N bytes each: what stands in them was compared before.
local common = dofile("common.lua")
local arguments = common.arguments

common.install({
  operation = "GetRecords",
  variants = 1,
  body = function()
    return common.encoded({
      {"ShardIterator", common.text(arguments.iterator or "none")},
      {"Limit", common.integer(1000)},
    })
  end,
})
