#!lua flags=allow-oom
-- ARGV: now, max attempts, place, grace, at most, then length of the fetch, parse and index queue, concurrency,
-- then for each stage how many messages find all of its pages that are not flagged alone (0: one for each page).
-- Returns {stage, id} of what is to be published. Running it twice is harmless.
local now, grace, most = tonumber(ARGV[1]), tonumber(ARGV[4]), tonumber(ARGV[5])
local stages = { 'fetch', 'parse', 'index' }
local out = {}

for n, stage in ipairs(stages) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', 'lease:' .. stage, '-inf', now, 'LIMIT', 0, most)) do
    local page = entry(id)
    if page and page.l and STATE_OF[stage] == page.s then
      -- Nobody tells who else died with it, so only a page that ran alone by its flag pays for it.
      local reason = 'its worker died or hung at ' .. stage .. ': the lease lapsed'
      if died(page, stage, page.b ~= nil, reason, 'lease_lapsed', tonumber(ARGV[2]), ARGV[3], now) then
        out[#out + 1] = { stage, id }
      end
    else
      redis.call('ZREM', 'lease:' .. stage, id)
    end
  end
  -- Ready pages that have waited for a while, and of which the queue holds no message as it is shorter.
  local ready = 'ready:' .. stage
  local missing = math.min(most, redis.call('ZCOUNT', ready, '-inf', now) - tonumber(ARGV[5 + n]))
  if missing > 0 then
    local enough = tonumber(ARGV[9 + n])
    local hints = enough > 0 and enough - tonumber(ARGV[5 + n]) or missing
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', ready, '-inf', now - grace, 'LIMIT', 0, missing)) do
      if hints > 0 or redis.call('HEXISTS', 'p:' .. id, 'b') == 1 then
        hints = hints - 1
        out[#out + 1] = { stage, id }
      end
    end
  end
end

-- Hosts: requests under way, counted anew; a host with pages waiting and room for a request has a turn.
local busy = {}
for _, key in ipairs({ 'ready:fetch', 'lease:fetch' }) do
  for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    local url = redis.call('HGET', 'p:' .. id, 'u')
    if url then
      local host = host_of(url)
      busy[host] = (busy[host] or 0) + 1
    end
  end
end
local counted = redis.call('HGETALL', 'hostbusy')
for n = 1, #counted, 2 do
  local host = counted[n]
  local real = busy[host] or 0
  if real ~= tonumber(counted[n + 1]) then
    if real == 0 then
      redis.call('HDEL', 'hostbusy', host)
    else
      redis.call('HSET', 'hostbusy', host, real)
    end
  end
  if real < tonumber(ARGV[9]) and redis.call('EXISTS', 'host:' .. host) == 1 then
    redis.call('ZADD', 'hosts', 'NX', now, host)
  end
  busy[host] = nil
end
for host, real in pairs(busy) do
  redis.call('HSET', 'hostbusy', host, real)
end
return out
