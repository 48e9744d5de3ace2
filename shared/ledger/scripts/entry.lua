-- A page's entry, and the places where a page in flight stands. The loader puts hosts.lua, this file, looks.lua and
-- page.lua in front of each script, after its first line.
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
