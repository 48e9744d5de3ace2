#!lua flags=allow-oom
-- ARGV: now, max attempts, place, grace, at most, then length of the fetch, parse and index queue,
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
      local to = died(page, stage, page.b ~= nil, reason, 'lease_lapsed', tonumber(ARGV[2]), ARGV[3], now)
      if to then
        out[#out + 1] = { to, id }
      end
    else
      redis.call('ZREM', 'lease:' .. stage, id)
    end
  end
  -- Ready pages that have waited for a while, and of which the queue holds no message as it is shorter.
  local ready = 'ready:' .. stage
  local missing = math.min(most, redis.call('ZCOUNT', ready, '-inf', now) - tonumber(ARGV[5 + n]))
  if missing > 0 then
    local enough = tonumber(ARGV[8 + n])
    local hints = enough > 0 and enough - tonumber(ARGV[5 + n]) or missing
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', ready, '-inf', now - grace, 'LIMIT', 0, missing)) do
      if hints > 0 or redis.call('HEXISTS', 'p:' .. id, 'b') == 1 then
        hints = hints - 1
        out[#out + 1] = { stage, id }
      end
    end
  end
end

-- Hosts and addresses: requests under way, counted anew; a host with pages waiting and room for a request has a turn.
local busy, places = {}, {}
for _, key in ipairs({ 'ready:fetch', 'lease:fetch' }) do
  for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    local page = entry(id)
    if page and page.u then
      local host = host_of_page(page)
      busy[host] = (busy[host] or 0) + 1
      if page.A and page.A ~= '-' then
        places[page.A] = (places[page.A] or 0) + 1
      end
    end
  end
end

local function correct(key, real)
  local counted = redis.call('HGETALL', key)
  for n = 1, #counted, 2 do
    local found = real[counted[n]] or 0
    if found == 0 then
      redis.call('HDEL', key, counted[n])
    elseif found ~= tonumber(counted[n + 1]) then
      redis.call('HSET', key, counted[n], found)
    end
    real[counted[n]] = nil
  end
  for name, found in pairs(real) do
    redis.call('HSET', key, name, found)
  end
  return counted
end

local counted = correct('hostbusy', busy)
for n = 1, #counted, 2 do
  set_turn(counted[n], now)
end
correct('addresses', places)
local crowded = redis.call('HGETALL', 'blocked')
for n = 1, #crowded, 2 do
  wake(crowded[n + 1], now)
end

-- What is past: delays that have passed, and the pace of hosts that nobody asks any more.
redis.call('ZREMRANGEBYSCORE', 'rest', '-inf', now)
for _, key in ipairs({ 'paced', 'aside', 'slowed', 'forsaken' }) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - 2 * DAY)
end
return out
