-- What the workloads share: requests as an SDK sends them, built before the clock starts, and a check of
-- every answer. Arguments are KEY=VALUE, after "--" on wrk's command line.
local M = {arguments = {}}
local cbor = dofile("cbor.lua")

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local pool_characters = 65536
local pool

local function random_characters(count)
  local list = {}
  for i = 1, count do
    local at = math.random(64)
    list[i] = alphabet:sub(at, at)
  end
  return table.concat(list)
end

-- Pieces of one long random text: as good as random ones of their own, and made a hundred times as fast.
local function characters(count)
  pool = pool or random_characters(pool_characters)
  local parts = {}
  while count > 0 do
    local some = math.min(count, pool_characters / 2)
    local at = math.random(pool_characters - some)
    parts[#parts + 1] = pool:sub(at, at + some - 1)
    count = count - some
  end
  return table.concat(parts)
end

local function is_cbor() return M.arguments.format == "cbor" end

-- `bytes` random bytes as a value.
function M.data(bytes)
  if is_cbor() then return cbor.bytes(characters(bytes)) end
  local text = characters(math.floor(bytes / 3) * 4)
  local rest = bytes % 3
  -- The last character before the padding must not carry bits of a byte that is not there.
  if rest == 1 then text = text .. characters(1) .. "A==" end
  if rest == 2 then text = text .. characters(2) .. "A=" end
  return '"' .. text .. '"'
end

-- Values of the format. Texts must not need escapes.
function M.text(value) return is_cbor() and cbor.text(value) or '"' .. value .. '"' end
function M.integer(value) return is_cbor() and cbor.unsigned(value) or tostring(value) end
function M.list(values)
  return is_cbor() and cbor.array(values) or "[" .. table.concat(values, ",") .. "]"
end

-- A structure of {name, value} pairs, in this order.
function M.encoded(members)
  if is_cbor() then return cbor.map(members) end
  local parts = {}
  for i, member in ipairs(members) do parts[i] = '"' .. member[1] .. '":' .. member[2] end
  return "{" .. table.concat(parts, ",") .. "}"
end

-- A partition key that no other record has.
function M.key() return random_characters(16) end

-- Some 700 bytes in all, as boto3 sends them.
local function headers_of(operation)
  return {
    ["Host"] = "127.0.0.1:4566",
    ["Accept-Encoding"] = "identity",
    ["Content-Type"] = "application/x-amz-" .. (M.arguments.format or "json") .. "-1.1",
    ["User-Agent"] = "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#6.1.0-26-amd64 md/arch#x86_64 "
      .. "lang/python#3.11.7 md/pyimpl#CPython m/b,Z,D,E cfg/retry-mode#standard Botocore/1.44.5",
    ["X-Amz-Target"] = "Kinesis_20131202." .. operation,
    ["X-Amz-Date"] = "20260101T000000Z",
    ["Authorization"] = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/kinesis/"
      .. "aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
      .. ("0123456789abcdef"):rep(4),
    ["amz-sdk-invocation-id"] = "5f3d5a3e-6f0f-4b52-9a0e-2f8c3f6d7e11",
    ["amz-sdk-request"] = "attempt=1",
  }
end

-- Bodies one after the other, each behind its length in decimal digits and a line feed.
local function keep(path, bodies)
  local file = assert(io.open(path, "wb"))
  for _, body in ipairs(bodies) do file:write(#body, "\n", body) end
  file:close()
end

-- Installs wrk's functions. options:
--   operation  its name
--   variants   how many bodies are made
--   body       makes one, after `arguments` has been read
--   good       tells of the text of an answer with status 200 whether it is right; without it, only the
--              status is looked at and the size of all answers together
-- Arguments that each workload knows: method=GET and path=/x (instead of POST /); check=status, with which
-- only the status is looked at, as of a static answer; keep=FILE, which gets the bodies.
function M.install(options)
  local requests, at, threads = {}, 0, {}

  function setup(thread) table.insert(threads, thread) end

  function init(arguments)
    math.randomseed(42)
    for _, argument in ipairs(arguments) do
      local name, value = argument:match("^(%w+)=(.*)$")
      if name then M.arguments[name] = value end
    end
    bad, first_bad, request_bytes, least = 0, "", 0, M.arguments.least
    local headers, bodies = headers_of(options.operation), {}
    for i = 1, options.variants do
      bodies[i] = options.body()
      requests[i] = wrk.format(M.arguments.method or "POST", M.arguments.path or "/", headers, bodies[i])
      request_bytes = request_bytes + #requests[i] / options.variants
    end
    if M.arguments.keep then keep(M.arguments.keep, bodies) end
    -- wrk takes an answer apart only if there is somebody to look at it.
    if options.good then response = checked end
  end

  function request()
    at = at % options.variants + 1
    return requests[at]
  end

  function checked(status, _, text)
    if status ~= 200 or (M.arguments.check ~= "status" and not options.good(text)) then
      if bad == 0 then first_bad = status .. " " .. text:sub(1, 300) end
      bad = bad + 1
    end
  end

  function done(summary, latency)
    local failed, first, size, least = 0, "", 0, nil
    for _, thread in ipairs(threads) do
      failed = failed + thread:get("bad")
      size, least = thread:get("request_bytes"), thread:get("least")
      if first == "" then first = thread:get("first_bad") end
    end
    local errors = summary.errors
    failed = failed + errors.connect + errors.read + errors.write + errors.timeout
    if not options.good then
      failed = failed + errors.status
      if summary.bytes < summary.requests * tonumber(least or 1) then
        failed = failed + 1
        first = summary.bytes .. " bytes of " .. summary.requests .. " answers are too few"
      end
    end
    io.write(string.format(
      "RESULT requests=%d bad=%d duration_us=%d request_bytes=%d p50_us=%.1f p99_us=%.1f\n",
      summary.requests, failed, summary.duration, size, latency:percentile(50), latency:percentile(99)))
    if first ~= "" then io.write("first bad answer: " .. first .. "\n") end
  end
end

return M
