-- What every transition uses. The loader puts hosts.lua and this file in front of each script, after its first line.
-- Keys and letters are those of keys.py. Times are milliseconds since 1970.

local STAGE_OF = { f = 'fetch', p = 'parse', i = 'index' }
local STATE_OF = { fetch = 'f', parse = 'p', index = 'i' }
local REQUISITE = 'R' -- a stylesheet or an image of pages, by an entry's `y`
local KINDS = { 'a', 'c', 'r', 'w', 'g' } -- articles, comments, replies, widgets, gone: the order in a page's `n`

local function words(text)
  local list = {}
  for word in string.gmatch(text or '', '%S+') do
    list[#list + 1] = word
  end
  return list
end

local function has_word(text, word)
  return string.find(' ' .. (text or '') .. ' ', ' ' .. word .. ' ', 1, true) ~= nil
end

-- A page's entry as a table of its fields, or nil.
local function entry(id)
  local flat = redis.call('HGETALL', 'p:' .. id)
  if #flat == 0 then
    return nil
  end
  local page = { id = id }
  for n = 1, #flat, 2 do
    page[flat[n]] = flat[n + 1]
  end
  return page
end

-- The entry of a page that `token` holds at `stage`, else nil: what outlived its lease changes nothing.
-- `told`: what it tells of its host, in JSON; empty or nil where it tells nothing.
local function held(id, token, stage, told)
  local page = entry(id)
  if page and page.l == token and page.s == STATE_OF[stage] then
    page.told = told and told ~= '' and cjson.decode(told) or nil
    return page
  end
  return nil
end

local function count(field, by)
  if by ~= 0 then
    redis.call('HINCRBY', 'counts', field, by)
  end
end

-- Moves an in-flight page's entry between two in-flight states, in all counters.
local function move(page, to)
  count('s:' .. page.s, -1)
  count('s:' .. to, 1)
  for _, crawl in ipairs(words(page.c)) do
    redis.call('HINCRBY', 'crawl:' .. crawl, 's:' .. page.s, -1)
    redis.call('HINCRBY', 'crawl:' .. crawl, 's:' .. to, 1)
  end
  redis.call('HSET', 'p:' .. page.id, 's', to)
  page.s = to
end

-- Puts a page into its host's queue, due at `due`.
local function wait_for_host(page, due, now)
  local host = host_of_page(page)
  redis.call('ZADD', 'host:' .. host, due, page.id)
  set_turn(host, now)
end

-- A page under way is fetched by another turn: of its host, or of the one that its way leads to (`page.w`).
local function back_to_host(page, due, now)
  end_turn(page, now)
  move(page, 'w')
  wait_for_host(page, due, now)
end

-- The next part of a page's discussion that is to be fetched: its host, its URL, what the parser calls it. Nothing where
-- the page itself is.
local function next_part(page)
  local wanted = redis.call('LINDEX', 'want:' .. page.id, 0)
  if wanted then
    return string.match(wanted, '^(%S+) (%S+) (.*)$')
  end
end

-- How far a page has come by redirects and robots.txt; forgotten when it begins anew, at its own URL or that of the part
-- that is fetched for it, or has ended.
local function forget_way(page)
  redis.call('UNLINK', 'way:' .. page.id)
  page.w = next_part(page)
  if page.w then
    redis.call('HSET', 'p:' .. page.id, 'w', page.w)
  else
    redis.call('HDEL', 'p:' .. page.id, 'w')
  end
end

local function make_ready(page, stage, at)
  redis.call('ZADD', 'ready:' .. stage, at, page.id)
end

-- A part of a page's discussion has come (`packed`), or cannot be had (empty): the next one is fetched, or all are
-- parsed. The page stands in no queue. Returns the stage that it is to be published for, empty where it waits.
local function end_part(page, packed, now)
  local _, _, part = next_part(page)
  redis.call('LPOP', 'want:' .. page.id)
  redis.call('RPUSH', 'parts:' .. page.id, part .. '\n' .. packed)
  redis.call('HDEL', 'p:' .. page.id, 'a', 'b', 'z')
  forget_way(page)
  if page.w then
    move(page, 'w')
    wait_for_host(page, FIRST, now)
    return ''
  end
  move(page, 'p')
  make_ready(page, 'parse', now)
  return 'parse'
end

local function leave_lease(page, stage)
  redis.call('ZREM', 'lease:' .. stage, page.id)
  redis.call('SREM', 'held:' .. page.l, page.id)
  redis.call('HDEL', 'p:' .. page.id, 'l', 'o')
end

-- Takes an in-flight page out of the place where it stands.
local function leave_queue(page)
  if page.l then
    leave_lease(page, STAGE_OF[page.s])
  elseif page.s == 'w' then
    redis.call('ZREM', 'host:' .. host_of_page(page), page.id)
    redis.call('ZREM', 'parked', page.id)
  else
    redis.call('ZREM', 'ready:' .. STAGE_OF[page.s], page.id)
  end
end

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

-- Whoever watches a page watches the one that it is the same as from now on.
local function hand_watch_on(id, other)
  local due = redis.call('ZSCORE', 'watch', id)
  if due then
    redis.call('ZREM', 'watch', id)
    redis.call('ZADD', 'watch', 'NX', due, other)
  end
  if redis.call('SREM', 'watched', id) == 1 then
    redis.call('SADD', 'watched', other)
  end
  redis.call('HDEL', 'p:' .. id, 'i')
end

-- Seconds between two looks at a watched page. A new one is looked at an hour later; from then on the interval is halved
-- by a look that finds a change and half as long again after one that finds none, twice as long after one that failed.
-- The least is what feeds ask of their readers, the most a week. Pages that were found by watching (articles of a feed)
-- are looked at while something changes there: one whose interval has come to three days is left alone, which a page
-- that never changes reaches after its eleventh look, nine days old. Feeds and sitemaps that were found are not.
-- Requisites are not looked at by themselves: a look at their page asks for them, once a day.
local FIRST_LOOK, LEAST_LOOK, MOST_LOOK, LAST_LOOK = 3600, 900, 604800, 259200

local function is_look(crawl)
  return redis.call('HEXISTS', 'crawl:' .. crawl, 'watch') == 1
end

local function was_found_by_watching(page)
  for _, crawl in ipairs(words(page.c)) do
    if is_look(crawl) then
      return true
    end
  end
  return false
end

-- A source is asked whether it changed by looks alone, of which each goes on where the one before ended; a crawl wants
-- all that it names. Whether a look has taken in all that the source, as it was just read, names.
local function looks_know_all(page)
  for _, crawl in ipairs(words(page.c)) do
    if is_look(crawl) and not has_word(page.j, crawl) and redis.call('HEXISTS', 'crawl:' .. crawl, 'left') == 0 then
      return true
    end
  end
  return false
end

local function only_looks(crawls)
  for _, crawl in ipairs(words(crawls)) do
    if not is_look(crawl) then
      return false
    end
  end
  return true
end

local function plan_look(page, outcome, changed, now)
  local id = page.id
  local every
  if redis.call('ZSCORE', 'watch', id) then
    if not page.v and outcome == 'I' then
      every = FIRST_LOOK
    else
      local factor = changed and 0.5 or (outcome == 'R' or outcome == 'Q') and 2 or 1.5
      every = math.floor(math.max(LEAST_LOOK, math.min(MOST_LOOK, tonumber(page.i or FIRST_LOOK) * factor)))
      if every >= LAST_LOOK and not page.y and redis.call('SISMEMBER', 'watched', id) == 0 then
        redis.call('ZREM', 'watch', id)
        redis.call('HDEL', 'p:' .. id, 'i')
        return
      end
    end
  elseif (outcome == 'I' and not page.v or outcome == 'S') and page.y ~= REQUISITE and was_found_by_watching(page) then
    every = FIRST_LOOK
  else
    return
  end
  redis.call('ZADD', 'watch', now + every * 1000, id)
  redis.call('HSET', 'p:' .. id, 'i', every)
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
