-- What the workloads share: requests as an SDK sends them, built before the clock starts, and a check of
-- every answer. Arguments are KEY=VALUE, after "--" on wrk's command line.
local M = {arguments = {}}

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local pool_characters = 65536
local pool

-- Pieces of one long random text: as good as random ones of their own, and made a hundred times as fast.
local function characters(count)
  if not pool then
    local list = {}
    for i = 1, pool_characters do
      local at = math.random(64)
      list[i] = alphabet:sub(at, at)
    end
    pool = table.concat(list)
  end
  local parts = {}
  while count > 0 do
    local some = math.min(count, pool_characters / 2)
    local at = math.random(pool_characters - some)
    parts[#parts + 1] = pool:sub(at, at + some - 1)
    count = count - some
  end
  return table.concat(parts)
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
function M.headers(operation, format)
  return {
    ["Host"] = "127.0.0.1:4566",
    ["Accept-Encoding"] = "identity",
    ["Content-Type"] = "application/x-amz-" .. format .. "-1.1",
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

-- Installs wrk's functions. options:
--   operation  its name
--   variants   how many bodies are made
--   body       makes one, after `arguments` has been read
--   good       tells of the text of an answer with status 200 whether it is right
-- Arguments that each workload knows: method=GET and path=/x (instead of POST /), and check=status,
-- with which only the status is looked at, as of a static answer.
function M.install(options)
  local requests, at, threads = {}, 0, {}
  local check = true

  function setup(thread) table.insert(threads, thread) end

  function init(arguments)
    math.randomseed(42)
    for _, argument in ipairs(arguments) do
      local name, value = argument:match("^(%w+)=(.*)$")
      if name then M.arguments[name] = value end
    end
    check = M.arguments.check ~= "status"
    bad, first_bad = 0, ""
    local headers = M.headers(options.operation, M.arguments.format or "json")
    for i = 1, options.variants do
      requests[i] = wrk.format(M.arguments.method or "POST", M.arguments.path or "/", headers,
        options.body())
    end
  end

  function request()
    at = at % options.variants + 1
    return requests[at]
  end

  function response(status, _, text)
    if status ~= 200 or (check and not options.good(text)) then
      if bad == 0 then first_bad = status .. " " .. text:sub(1, 300) end
      bad = bad + 1
    end
  end

  function done(summary, latency)
    local failed, first = 0, ""
    for _, thread in ipairs(threads) do
      failed = failed + thread:get("bad")
      if first == "" then first = thread:get("first_bad") end
    end
    local errors = summary.errors
    failed = failed + errors.connect + errors.read + errors.write + errors.timeout
    io.write(string.format("RESULT requests=%d bad=%d duration_us=%d p50_us=%.1f p99_us=%.1f",
      summary.requests, failed, summary.duration, latency:percentile(50), latency:percentile(99)))
    io.write(first ~= "" and " first_bad=" .. first .. "\n" or "\n")
  end
end

return M
