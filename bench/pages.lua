-- For pages.sh: walks through paths in turn and counts whole pages, shells and refusals.
local paths, at = {}, 0
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  whole, shells, busy, other = 0, 0, 0, 0
end

function request()
  at = at + 1
  return wrk.format("GET", paths[(at - 1) % #paths + 1], { ["Accept-Encoding"] = "gzip", ["Accept"] = "text/html" })
end

function response(status, headers)
  if status == 503 then busy = busy + 1
  elseif status ~= 200 then other = other + 1
  elseif headers["Cache-Control"] == "no-store" then shells = shells + 1
  else whole = whole + 1 end
end

function done(summary, latency)
  local w, s, b, o = 0, 0, 0, 0
  for _, t in ipairs(threads) do
    w, s, b, o = w + t:get("whole"), s + t:get("shells"), b + t:get("busy"), o + t:get("other")
  end
  local seconds = summary.duration / 1e6
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format("RESULT %.0f %.0f %.0f %d %.1f %.1f", w / seconds, s / seconds, b / seconds, o + errors, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
