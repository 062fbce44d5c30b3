-- For wrk: sends the bodies of a file one after another, and counts answers by status. A # in a body becomes a number that
-- no other request has, so that nobody else's answer will do.
--   wrk … -s load.lua URL -- BODIES [HEADER VALUE]…
local threads = {}

function setup(thread)
  thread:set("name", #threads)
  table.insert(threads, thread)
end

function init(args)
  bodies = {}
  for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Accept-Encoding"] = "gzip"
  for i = 2, #args, 2 do wrk.headers[args[i]] = args[i + 1] end
  place, answered, unchanged, shed, other = 0, 0, 0, 0, 0
end

function request()
  place = place + 1
  local body = bodies[place % #bodies + 1]:gsub("#", name .. "." .. place)
  return wrk.format(nil, nil, nil, body)
end

function response(status)
  if status == 200 then answered = answered + 1
  elseif status == 304 then unchanged = unchanged + 1
  elseif status == 503 then shed = shed + 1
  else other = other + 1 end
end

function done(summary, latency)
  local sum = { answered = 0, unchanged = 0, shed = 0, other = 0 }
  for _, t in ipairs(threads) do
    for name in pairs(sum) do sum[name] = sum[name] + t:get(name) end
  end
  local s = summary.duration / 1e6
  io.write(string.format("RESULT %.0f %.0f %.0f %d %.2f %.2f\n", sum.answered / s, sum.unchanged / s, sum.shed / s,
    sum.other + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
