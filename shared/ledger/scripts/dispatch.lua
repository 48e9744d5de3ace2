#!lua
-- ARGV: now, window. Moves due pages of hosts whose turn it is to ready:fetch; returns their ids.
local now = tonumber(ARGV[1])
if restarted(now) > now then
  return {}
end
local room = tonumber(ARGV[2]) - redis.call('ZCARD', 'ready:fetch')
local pausing = redis.call('SCARD', 'crawls:paused') > 0
local visits = 5000 -- bounds how long this script keeps Redis (about 20 ms)
local sent_ids = {}

local function is_paused(page)
  if not pausing then
    return false
  end
  local crawls = words(page.c)
  for _, crawl in ipairs(crawls) do
    if redis.call('SISMEMBER', 'crawls:paused', crawl) == 0 then
      return false
    end
  end
  return #crawls > 0
end

local function send(page)
  local fetch = now -- rises with every fetch of a page, whatever the clock does
  if page.v then
    fetch = math.max(fetch, math.floor(tonumber(page.v) / 1024) + 1)
  end
  if page.f then
    fetch = math.max(fetch, tonumber(page.f) + 1)
  end
  move(page, 'f')
  if not next_part(page) then -- a part belongs to the fetch of its page
    redis.call('HSET', 'p:' .. page.id, 'f', whole(fetch))
    redis.call('HDEL', 'p:' .. page.id, 'P')
  end
  make_ready(page, 'fetch', now)
  sent_ids[#sent_ids + 1] = page.id
end

-- One turn of a host: takes what it may. With a delay that is one page; its next turn comes when the fetch has ended, or,
-- with several requests at once, when this one has begun.
local function turn(host)
  local queue, delay = 'host:' .. host, delay_of(host)
  local free = limit_of(host) - tonumber(redis.call('HGET', 'hostbusy', host) or 0)
  local sent = 0
  local due = {}
  if free > 0 then
    local want = delay > 0 and 1 or math.min(free, room)
    due = redis.call('ZRANGEBYSCORE', queue, '-inf', now, 'WITHSCORES', 'LIMIT', 0, want)
  end
  for n = 1, #due, 2 do
    local page = entry(due[n])
    redis.call('ZREM', queue, due[n])
    visits = visits - 1
    if page and is_paused(page) then
      redis.call('ZADD', 'parked', due[n + 1], page.id)
    elseif page then
      send(page)
      sent = sent + 1
    end
  end
  if sent > 0 then
    redis.call('HINCRBY', 'hostbusy', host, sent)
    room = room - sent
    if CONCURRENCY > 1 and delay > 0 then
      redis.call('ZADD', 'rest', now + UNBEGUN, host)
    end
  end
  redis.call('ZREM', 'hosts', host) -- behind the others that may go now
  set_turn(host, now)
end

while room > 0 and visits > 0 do
  local hosts = redis.call('ZRANGEBYSCORE', 'hosts', '-inf', now, 'LIMIT', 0, 64)
  if #hosts == 0 then
    break
  end
  for _, host in ipairs(hosts) do
    if room <= 0 then
      break
    end
    visits = visits - 1
    turn(host)
  end
end
return sent_ids
