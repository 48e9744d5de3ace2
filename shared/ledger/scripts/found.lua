#!lua
-- ARGV: id and token of a page under a fetch's lease, now, crawl, most pages of it, how many more
-- requisites it leads to than are taken, then for each one that is not: page id, URL, kind (empty: a page), depth, shape (empty: none), most of that shape, when it changed as
-- the source says (0: it does not say).
-- What is in the crawl already is passed over, so that the same may come twice, and a source may name itself.
-- Returns 1, or 0 where nothing was done: the lease is lost, or the crawl waits for the page no more.
-- An index of sitemaps may hold 50,000; more than so many sources lead one another in circles.
local MOST_SOURCES = 100000
local page = held(ARGV[1], ARGV[2], 'fetch')
local now, crawl, most = tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local key = 'crawl:' .. crawl
if not page or not has_word(page.c, crawl) or redis.call('HEXISTS', key, 'cancelled') == 1 then
  return 0
end
local have = redis.call('HMGET', key, 'n', 'sources', 'watch', 'requisites')
local watching = have[3] -- what is known already is looked at by itself
local pages, sources = tonumber(have[1]), tonumber(have[2] or 0)
local room = most - (pages - sources - tonumber(have[4] or 0))
local source_room = MOST_SOURCES - sources
local found, left, beyond = 0, 0, tonumber(ARGV[6])

-- A page that waits and is found by a shorter way lies less deep.
local function set_depth(other, depth)
  local rest = {}
  for _, word in ipairs(words(other.D)) do
    local name, known = string.match(word, '^(.*):(%d+)$')
    if name == crawl then
      depth = math.min(depth, tonumber(known))
    else
      rest[#rest + 1] = word
    end
  end
  if depth > 0 then
    rest[#rest + 1] = crawl .. ':' .. depth
  end
  if #rest > 0 then
    redis.call('HSET', 'p:' .. other.id, 'D', table.concat(rest, ' '))
  elseif other.D then
    redis.call('HDEL', 'p:' .. other.id, 'D')
  end
end

local function is_one_too_many(shape, most_of_it)
  if shape == '' then
    return false
  end
  if tonumber(redis.call('HGET', key .. ':shapes', shape) or 0) >= most_of_it then
    return true
  end
  redis.call('HINCRBY', key .. ':shapes', shape, 1)
  return false
end

-- A watched page that has changed since its last look, as a source says, is due now; but no sooner than after a quarter of
-- its interval, as there are sources that say so of every page each time. A page under way sets its next look by itself.
local function hasten(other, updated)
  local due = other.i and redis.call('ZSCORE', 'watch', other.id)
  if due and updated > due - other.i * 1000 and updated <= now then
    redis.call('ZADD', 'watch', 'LT', math.max(now, due - other.i * 750), other.id)
  end
end

-- A requisite may belong to many pages, of many crawls and looks: asked for, with whatever end, it is left for a day.
local AGAIN = 86400000
local function is_fresh(other)
  return not other.c and other.f and now - tonumber(other.f) < AGAIN
end

for n = 7, #ARGV, 7 do
  local id, url, kind, depth = ARGV[n], ARGV[n + 1], ARGV[n + 2], tonumber(ARGV[n + 3])
  local other, line = entry(id) or { id = id }, id
  local leader = other.d and entry(other.d)
  if leader then -- a page that is known by another URL
    line = leader.id .. ' ' .. url
    other, url = leader, leader.u or url
  end
  if has_word(other.c, crawl) then
    if other.D and kind ~= REQUISITE then -- of a requisite that is no depth
      set_depth(other, depth)
    end
  elseif watching and other.s and kind ~= REQUISITE then
    hasten(other, tonumber(ARGV[n + 6]))
  elseif not has_word(other.k, crawl) and not (kind == REQUISITE and is_fresh(other)) then
    if kind == '' and room <= 0 or kind ~= '' and kind ~= REQUISITE and source_room <= 0 then
      left = left + 1
    elseif is_one_too_many(ARGV[n + 4], tonumber(ARGV[n + 5])) then
      left = left + 1
    else
      add_line(crawl, line, kind)
      if not take_in(other, crawl, url, kind, now) and depth > 0 then
        set_depth(other, depth)
      end
      found = found + 1
      if kind == '' then
        room = room - 1
      elseif kind ~= REQUISITE then
        source_room = source_room - 1
      end
    end
  end
end
if found > 0 then
  redis.call('HSET', 'p:' .. page.id, 'N', '1')
  redis.call('HINCRBY', key, 'found', found)
end
if left > 0 then
  redis.call('HINCRBY', key, 'left', left)
end
if beyond > 0 then
  redis.call('HINCRBY', key, 'beyond', beyond)
end
return 1
