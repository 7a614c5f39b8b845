-- CBOR (RFC 8949) as the SDKs write it: definite lengths and the shortest heads.
local M = {}

local function head(major, value)
  local type = major * 32
  if value < 24 then return string.char(type + value) end
  if value < 0x100 then return string.char(type + 24, value) end
  if value < 0x10000 then return string.char(type + 25, math.floor(value / 256), value % 256) end
  return string.char(type + 26, math.floor(value / 0x1000000), math.floor(value / 0x10000) % 256,
    math.floor(value / 256) % 256, value % 256)
end

-- An integer from 0 to 2^32 - 1.
function M.unsigned(value) return head(0, value) end
function M.bytes(value) return head(2, #value) .. value end
function M.text(value) return head(3, #value) .. value end

-- Of items that are encoded already.
function M.array(items) return head(4, #items) .. table.concat(items) end

-- Of {name, encoded item} pairs, in this order.
function M.map(members)
  local parts = {head(5, #members)}
  for _, member in ipairs(members) do
    parts[#parts + 1] = M.text(member[1]) .. member[2]
  end
  return table.concat(parts)
end

return M
