-- When a watched page is looked at again. The loader puts this file behind entry.lua.

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
