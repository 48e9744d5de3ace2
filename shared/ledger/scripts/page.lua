-- How pages end and are taken up again, and what that does to the crawls that wait for them. The loader puts this file
-- behind looks.lua.

-- Whether a crawl takes in more than what is submitted: what its sources name, or its pages link to.
local function grows(crawl)
  return redis.call('HEXISTS', 'crawl:' .. crawl, 'grows') == 1
end

-- Whether further lines of a crawl may come, so that its pages must know that they belong to it.
local function takes_lines(crawl)
  local state = redis.call('HMGET', 'crawl:' .. crawl, 'closed', 'grows', 'finished', 'created')
  return state[4] and (not state[1] or state[2] and not state[3]) -- not one that was dropped
end

local function finish_crawl(crawl, now)
  local key = 'crawl:' .. crawl
  local digest = redis.call('HGET', key, 'digest')
  redis.call('HSET', key, 'finished', now)
  if redis.call('HGET', 'crawls:open', digest) == crawl then
    redis.call('HDEL', 'crawls:open', digest)
  end
  redis.call('SREM', 'crawls:paused', crawl)
  redis.call('UNLINK', key .. ':shapes')
end

-- A line's outcome in its crawl's counters and in those of all. `kind`: what its URL is.
local function count_outcome(crawl, kind, outcome)
  redis.call('HINCRBY', 'crawl:' .. crawl, 'o:' .. outcome, 1)
  count('o:' .. outcome, 1)
  if kind == REQUISITE then
    redis.call('HINCRBY', 'crawl:' .. crawl, 'q:' .. outcome, 1)
  end
end

-- One line of a crawl, for a page in flight, ends. Returns whether the crawl takes more lines.
local function end_line(crawl, page, outcome, reason, counts, now)
  local key = 'crawl:' .. crawl
  redis.call('HINCRBY', key, 's:' .. page.s, -1)
  count_outcome(crawl, page.y, outcome)
  redis.call('RPUSH', key .. ':ended', page.id .. outcome .. (reason or ''))
  if counts and (outcome == 'I' or outcome == 'U') then
    local n = 1
    for number in string.gmatch(counts, '%d+') do
      if number ~= '0' then
        redis.call('HINCRBY', key, 'r:' .. KINDS[n], number)
      end
      n = n + 1
    end
  end
  local live = redis.call('HINCRBY', key, 'live', -1)
  if live == 0 and redis.call('HEXISTS', key, 'closed') == 1 then
    finish_crawl(crawl, now)
  end
  return takes_lines(crawl)
end

-- A crawl that follows links joined the page when it was fetched already (`page.j`): it is fetched once more for it.
local function begin_again(page, crawls, ended, now)
  count('s:' .. ended, -1)
  count('s:w', 1)
  for _, crawl in ipairs(crawls) do
    redis.call('HINCRBY', 'crawl:' .. crawl, 's:' .. page.s, -1)
    redis.call('HINCRBY', 'crawl:' .. crawl, 's:w', 1)
  end
  local key = 'p:' .. page.id
  redis.call('HSET', key, 's', 'w', 'c', table.concat(crawls, ' '))
  redis.call('HDEL', key, 'r', 'd')
  if page.D then
    redis.call('HSET', key, 'D', page.D)
  end
  page.s = 'w'
  wait_for_host(page, now, now)
end

-- What the store held of a page is counted no more.
local function take_records(page)
  local kind = 1
  for number in string.gmatch(page.n or '', '%d+') do
    count('r:' .. KINDS[kind], -tonumber(number))
    kind = kind + 1
  end
end

-- Ends an in-flight page that stands in no queue and under no lease any more, for all its crawls.
-- `outcome`: I, U, D, R, Q, or X (forgotten: counted as refused by its crawls, its entry loses everything).
-- `changed`: whether a reader would see something new; of a source, whether it named something new.
local function finish(page, outcome, reason, now, changed)
  local id, key = page.id, 'p:' .. page.id
  local line_outcome = outcome == 'X' and 'R' or outcome
  local open, again = {}, {}
  for _, crawl in ipairs(words(page.c)) do
    local late = has_word(page.j, crawl) and redis.call('HEXISTS', 'crawl:' .. crawl, 'cancelled') == 0
    if late and outcome ~= 'X' and outcome ~= 'Q' then
      again[#again + 1] = crawl
    elseif end_line(crawl, page, line_outcome, reason, page.n, now) then
      open[#open + 1] = crawl
    end
  end
  for _, crawl in ipairs(words(page.k)) do
    if takes_lines(crawl) then
      open[#open + 1] = crawl
    end
  end
  if not page.P and not page.q then -- parsed again, it was not looked at; and it may be watched no more
    plan_look(page, outcome, changed, now)
  end
  if page.s == 'f' then
    end_turn(page, now)
  end
  redis.call('UNLINK', 'want:' .. id, 'parts:' .. id)
  forget_way(page)
  count('s:' .. page.s, -1)
  count('s:' .. outcome, 1)
  if outcome == 'Q' and redis.call('EXISTS', 'raw:' .. id) == 1 then
    redis.call('RENAME', 'raw:' .. id, 'body:' .. id)
    redis.call('RPUSH', 'quarantine:bodies', id)
  end
  redis.call('UNLINK', 'raw:' .. id, 'out:' .. id)
  redis.call('HDEL', key, 'a', 'b', 'c', 'l', 'g', 't', 'z', 'H', 'E', 'D', 'j', 'N')
  if page.y == REQUISITE and outcome ~= 'X' then
    redis.call('HSET', key, 'f', whole(now)) -- when it was asked for last
  elseif outcome ~= 'Q' then
    redis.call('HDEL', key, 'f', 'P') -- the version tells them; a quarantined page may be parsed again
  end
  if #open > 0 then
    redis.call('HSET', key, 'k', table.concat(open, ' ')) -- further lines of these crawls are duplicates
  else
    redis.call('HDEL', key, 'k')
  end
  if reason and reason ~= '' then
    redis.call('HSET', key, 's', outcome, 'r', reason)
  else
    redis.call('HSET', key, 's', outcome)
    redis.call('HDEL', key, 'r')
  end
  if #again > 0 then
    begin_again(page, again, outcome, now)
  else
    redis.call('HDEL', key, 'q')
  end
end

local FORGOTTEN = 'forgotten: it was asked never to be fetched again'

-- Whether a page may not be taken up again; it then has an entry that says so.
local function is_forgotten(page, url)
  local site = string.gsub(string.gsub(host_of(url), ':%d+$', ''), '^www%.', '')
  if page.s ~= 'X' and redis.call('SISMEMBER', 'forgotten:sites', site) == 0 then
    return false
  end
  if not page.s then
    count('s:X', 1)
    redis.call('HSET', 'p:' .. page.id, 's', 'X')
  end
  return true
end

-- A page that had ended is taken up again: out of its state, and out of the quarantine.
local function leave_end(page)
  if page.s then
    count('s:' .. page.s, -1)
  end
  if page.s == 'Q' then
    redis.call('HDEL', 'quarantine', page.id)
    redis.call('UNLINK', 'body:' .. page.id)
    redis.call('LREM', 'quarantine:bodies', 0, page.id)
  end
end

-- Takes up a page that is not in flight, new or finished, as a line of the crawl, which the caller has counted: in flight
-- in `state`, and not waiting for its host.
local function take_up(page, url, crawl, state, fetch)
  local id, key = page.id, 'p:' .. page.id
  leave_end(page)
  count('s:' .. state, 1)
  redis.call('HINCRBY', 'crawl:' .. crawl, 's:' .. state, 1)
  redis.call('HINCRBY', 'crawl:' .. crawl, 'live', 1)
  local others = {}
  for _, word in ipairs(words(page.k)) do
    if word ~= crawl then
      others[#others + 1] = word
    end
  end
  page.u, page.s, page.c, page.f, page.P, page.k = url, state, crawl, whole(fetch), nil, table.concat(others, ' ')
  redis.call('HSET', key, 'u', url, 's', state, 'c', crawl, 'f', page.f, 'k', page.k)
  redis.call('HDEL', key, 'r', 'd', 'P')
end

local function quarantine(page, stage, reason, cause, place, now)
  local kept = redis.call('EXISTS', 'raw:' .. page.id) == 1
  redis.call('HSET', 'quarantine', page.id,
    cjson.encode({ stage = stage, reason = reason, cause = cause, place = place, at = whole(now), kept = kept }))
  finish(page, 'Q', reason, now)
end

local function count_error(page, cause)
  count('e:' .. cause, 1)
  for _, crawl in ipairs(words(page.c)) do
    redis.call('HINCRBY', 'crawl:' .. crawl, 'e:' .. cause, 1)
  end
end

-- A worker died with this page. Alone, that is an attempt; else the page is tried again alone.
-- Returns the stage to publish it for; nil where it is quarantined, or waits for its host's next turn.
local function died(page, stage, counts, reason, cause, max_attempts, place, now)
  local key = 'p:' .. page.id
  leave_lease(page, stage)
  count_error(page, cause)
  if counts then
    local attempts = redis.call('HINCRBY', key, 'a', 1)
    if attempts >= max_attempts then
      if stage == 'fetch' and next_part(page) then
        end_turn(page, now)
        return end_part(page, '', now) == 'parse' and 'parse' or nil
      end
      quarantine(page, stage, reason, cause, place, now)
      return nil
    end
  end
  redis.call('HSET', key, 'b', '1')
  if stage == 'fetch' then
    back_to_host(page, now, now)
    return nil
  end
  make_ready(page, stage, now)
  return stage
end

-- Looks whether this is another Redis than the one that the last request was handed out by: then the last second of
-- what was written may be missing. Each host waits a full delay; pages handed out and not claimed wait with it.
-- Returns the time before which nothing is handed out.
local function restarted(now)
  local info = redis.call('INFO', 'server')
  local run = string.match(info, 'run_id:(%x+)')
  local known, floor = string.match(redis.call('GET', 'run') or '', '^(%x+) (%d+)$')
  if known == run then
    return tonumber(floor)
  end
  -- The requests that nobody knows of were made before this Redis began.
  local began = now - 1000 * tonumber(string.match(info, 'uptime_in_seconds:(%d+)'))
  floor = known and began + DELAY or 0
  redis.call('SET', 'run', run .. ' ' .. whole(floor))
  if not known then
    return floor
  end
  for _, host in ipairs(redis.call('ZRANGE', 'paced', 0, -1)) do
    rest(host, began)
    set_turn(host, now)
  end
  for _, id in ipairs(redis.call('ZRANGE', 'ready:fetch', 0, -1)) do
    redis.call('ZREM', 'ready:fetch', id)
    local page = entry(id)
    if page then
      back_to_host(page, FIRST, now)
    end
  end
  return floor
end
