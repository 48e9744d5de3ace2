-- Whose turn it is: every request is a turn of its host. The loader puts the settings in front of this file (DELAY in
-- milliseconds, CONCURRENCY, ADDRESS_CONCURRENCY, PATIENCE in milliseconds), and entry.lua behind it.

local FIRST = 0 -- due time of a page on its way: it comes before those that wait
local DAY = 86400000
-- A host that asks for fewer requests: at least twice this delay, doubled up to SLOWEST; below FAST it has recovered.
local SLOW, SLOWEST, FAST = 1000, 600000, 500
-- A host that failed so often in a row is set aside, for so long, doubled up to an hour.
local FAILURES, ASIDE, LONGEST_ASIDE = 5, 60000, 3600000
-- With several requests at once, a turn that was given and not yet begun holds up the next for so long at most.
local UNBEGUN = 60000

-- Lua prints whole numbers above 1e14 in powers of ten; versions are above.
local function whole(number)
  return string.format('%.0f', number)
end

-- Host and port of a normal URL, as shared.urls.host_of.
local function host_of(url)
  return string.match(url, '^%a+://([^/]+)')
end

-- The host that a page waits for, or is being asked of: after a redirect, the one that it led to.
local function host_of_page(page)
  return page.w or host_of(page.u)
end

local function delay_of(host)
  local pace = redis.call('HMGET', 'pace:' .. host, 'd', 's')
  return math.max(tonumber(pace[1] or DELAY), tonumber(pace[2] or 0))
end

-- Requests that a host may have under way: one, as a probe, while it is set aside. More than there are places at an
-- address would only be sent back.
local function limit_of(host)
  return redis.call('HEXISTS', 'pace:' .. host, 'n') == 1 and 1 or math.min(CONCURRENCY, ADDRESS_CONCURRENCY)
end

-- When the host may have its next turn, if it may have one at all: called after whatever may change it.
-- Hosts that may go now stand in the order in which they came to that.
local function set_turn(host, now)
  local busy = tonumber(redis.call('HGET', 'hostbusy', host) or 0)
  local first = redis.call('ZRANGE', 'host:' .. host, 0, 0, 'WITHSCORES')
  if not first[2] or busy > 0 and busy >= limit_of(host) or redis.call('HEXISTS', 'blocked', host) == 1 then
    redis.call('ZREM', 'hosts', host)
    return
  end
  local rests = tonumber(redis.call('ZSCORE', 'rest', host) or 0)
  local banned = tonumber(redis.call('HGET', 'pace:' .. host, 'u') or 0)
  local earliest = math.max(tonumber(first[2]), rests, banned)
  local turn = tonumber(redis.call('ZSCORE', 'hosts', host) or -1)
  if turn < earliest or turn > math.max(earliest, now) then
    redis.call('ZADD', 'hosts', whole(math.max(earliest, now)), host)
  end
end

-- A request was begun at `from`: no turn before the host's delay has passed.
local function rest(host, from)
  local delay = delay_of(host)
  if delay > 0 then
    redis.call('ZADD', 'rest', 'GT', whole(from + delay), host)
  end
end

-- What is kept of a host's pace goes when it has recovered, or nobody asked it for two days.
local function keep_pace(host, now)
  if redis.call('PEXPIRE', 'pace:' .. host, 2 * DAY) == 1 then
    redis.call('ZADD', 'paced', now, host)
  else
    redis.call('ZREM', 'paced', host)
  end
end

local function slow_down(host, told, now)
  local key = 'pace:' .. host
  local pace = redis.call('HMGET', key, 'd', 's', 'x', 'u')
  local delay = tonumber(pace[2] or math.max(tonumber(pace[1] or DELAY), SLOW))
  -- Of several requests that were under way at once, the first one slows.
  if told.at > tonumber(pace[3] or 0) then
    delay = math.min(2 * delay, SLOWEST)
    redis.call('HSET', key, 's', whole(delay), 'x', whole(now))
  end
  local banned = math.max(tonumber(pace[4] or 0), now + math.min(told.r or 0, DAY))
  if told.r then
    redis.call('HSET', key, 'u', whole(banned))
  end
  redis.call('ZADD', 'slowed', whole(math.max(banned, told.at + delay)), host)
end

local function recover(host, told, now)
  local key = 'pace:' .. host
  local pace = redis.call('HMGET', key, 'd', 's', 'x', 'u')
  if pace[4] and tonumber(pace[4]) <= now then
    redis.call('HDEL', key, 'u')
  end
  if not pace[2] or told.at <= tonumber(pace[3] or 0) then
    return
  end
  local delay = math.floor(tonumber(pace[2]) / 2)
  if delay <= math.max(tonumber(pace[1] or DELAY), FAST) then
    redis.call('HDEL', key, 's', 'x')
    redis.call('ZREM', 'slowed', host)
  else
    redis.call('HSET', key, 's', whole(delay))
    redis.call('ZADD', 'slowed', whole(told.at + delay), host)
  end
end

-- Nobody answered. `p` is for how long: time in which nobody tried (we were off) counts for no more than a minute.
local function no_answer(host, told, now)
  local key = 'pace:' .. host
  local pace = redis.call('HMGET', key, 'f', 't', 'o', 'p', 'n')
  local last = tonumber(pace[2] or now)
  local waited = tonumber(pace[4] or 0) + math.min(math.max(now - last, 0), tonumber(pace[3] or 0) + ASIDE)
  local failures = tonumber(pace[1] or 0) + 1
  redis.call('HSETNX', key, 'since', whole(told.at))
  redis.call('HSET', key, 'f', failures, 't', whole(now), 'p', whole(waited), 'y', told.y, 'c', told.c)
  if failures < FAILURES or pace[5] and told.at < last then
    return -- not yet, or one that was under way when it was set aside
  end
  local probes = pace[5] and tonumber(pace[5]) + 1 or 0
  local pause = math.min(ASIDE * 2 ^ math.min(probes, 10), LONGEST_ASIDE)
  if waited >= PATIENCE then
    redis.call('ZADD', 'forsaken', now, host)
  else
    pause = math.min(pause, math.max(PATIENCE - waited, 1000)) -- asked once more when the patience ends
  end
  redis.call('HSET', key, 'n', probes, 'o', whole(pause), 'u', whole(now + pause))
  redis.call('ZADD', 'aside', whole(now + pause), host)
end

-- Somebody answers, or what waited is given up: the host begins anew.
local function take_back(host)
  redis.call('HDEL', 'pace:' .. host, 'f', 'since', 't', 'o', 'p', 'n', 'y', 'c')
  if redis.call('ZREM', 'aside', host) == 1 then
    redis.call('HDEL', 'pace:' .. host, 'u')
    redis.call('ZREM', 'forsaken', host)
  end
end

-- What a request showed of its host (`told`, as Asked in shared/stage.py has it).
local function hear(host, told, now)
  local key = 'pace:' .. host
  if told.d == DELAY then
    redis.call('HDEL', key, 'd')
  elseif told.d then
    redis.call('HSET', key, 'd', whole(told.d))
  end
  if told.v == 'failed' then
    no_answer(host, told, now)
  else
    take_back(host)
    if told.v == 'slow down' then
      slow_down(host, told, now)
    else
      recover(host, told, now)
    end
  end
  keep_pace(host, now)
  rest(host, told.at)
end

-- Hosts that wait for a place at an address get one each, as far as there are places.
local function wake(address, now)
  local free = ADDRESS_CONCURRENCY - tonumber(redis.call('HGET', 'addresses', address) or 0)
  while free > 0 do
    local host = redis.call('LPOP', 'crowd:' .. address)
    if not host then
      return
    end
    if redis.call('HGET', 'blocked', host) == address then
      redis.call('HDEL', 'blocked', host)
      set_turn(host, now)
      if redis.call('ZSCORE', 'hosts', host) then
        free = free - 1
      end
    end
  end
end

-- A fetch has ended, however it did: its place at the address is free, and its host may have a turn again.
-- `page.told`: what it showed of the host; nil where nobody tells, as its worker died, or nothing was asked.
local function end_turn(page, now)
  local host = host_of_page(page)
  if redis.call('HINCRBY', 'hostbusy', host, -1) <= 0 then
    redis.call('HDEL', 'hostbusy', host)
  end
  if CONCURRENCY > 1 and not page.A then
    redis.call('ZADD', 'rest', 'XX', 'LT', now, host) -- its turn was not used
  end
  if page.told then
    hear(host, page.told, now)
  elseif page.A then
    rest(host, now) -- its request may have been made at this moment
  end
  if page.A then
    redis.call('HDEL', 'p:' .. page.id, 'A')
    if page.A ~= '-' then
      if redis.call('HINCRBY', 'addresses', page.A, -1) <= 0 then
        redis.call('HDEL', 'addresses', page.A)
      end
      wake(page.A, now)
    end
  end
  set_turn(host, now)
end
