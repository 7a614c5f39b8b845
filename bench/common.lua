-- What the workloads share: requests as an SDK sends them, built before the clock starts, and a check of
-- every answer.
local M = {}

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function characters(count)
  local list = {}
  for i = 1, count do
    local at = math.random(64)
    list[i] = alphabet:sub(at, at)
  end
  return table.concat(list)
end

-- Base64 of `bytes` random bytes.
function M.data(bytes)
  local text = characters(math.floor(bytes / 3) * 4)
  local rest = bytes % 3
  -- The last character before the padding must not carry bits of a byte that is not there.
  if rest == 1 then text = text .. characters(1) .. "A==" end
  if rest == 2 then text = text .. characters(2) .. "A=" end
  return text
end

function M.key() return characters(16) end

-- Some 700 bytes in all, as boto3 sends them.
function M.headers(operation)
  return {
    ["Host"] = "127.0.0.1:4566",
    ["Accept-Encoding"] = "identity",
    ["Content-Type"] = "application/x-amz-json-1.1",
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

-- Installs request, response, setup and done. `body` makes the body of one request, `variants` is how
-- many of them are made, and each answer must contain `wanted` (not asked of nginx).
function M.install(operation, variants, body, wanted)
  local requests, at, threads = {}, 0, {}

  function setup(thread) table.insert(threads, thread) end

  function init(arguments)
    math.randomseed(42)
    check = arguments[1] ~= "nginx"
    bad = 0
    for i = 1, variants do
      requests[i] = wrk.format("POST", "/", M.headers(operation), body())
    end
  end

  function request()
    at = at % variants + 1
    return requests[at]
  end

  function response(status, _, text)
    if status ~= 200 or (check and not text:find(wanted, 1, true)) then bad = bad + 1 end
  end

  function done(summary)
    local failed = 0
    for _, thread in ipairs(threads) do failed = failed + thread:get("bad") end
    local errors = summary.errors
    failed = failed + errors.connect + errors.read + errors.write + errors.timeout
    io.write(string.format("RESULT requests=%d bad=%d\n", summary.requests, failed))
  end
end

return M
