-- Taking URLs into a crawl. The loader puts this file behind page.lua, in front of the scripts that do so.

-- A line ends as it comes.
local function end_at_once(crawl, id, kind, outcome, reason)
  count_outcome(crawl, kind, outcome)
  if outcome ~= 'D' then
    redis.call('RPUSH', 'crawl:' .. crawl .. ':ended', id .. outcome .. reason)
  end
end

-- An ended page knows the crawls in which it ended and that may name it again.
local function remember_crawl(page, crawl)
  redis.call('HSET', 'p:' .. page.id, 'k', page.k and page.k .. ' ' .. crawl or crawl)
end

-- A finished page, or a new one, is fetched. `kind`: see keys.KINDS.
local function start_page(page, crawl, url, kind, now)
  local id = page.id
  leave_end(page)
  count('s:w', 1)
  page.u = url
  redis.call('HSET', 'p:' .. id, 'u', url, 's', 'w', 'c', crawl)
  if kind ~= '' then
    redis.call('HSET', 'p:' .. id, 'y', kind)
  end
  redis.call('HDEL', 'p:' .. id, 'r', 'd')
  wait_for_host(page, now, now)
end

local function join_page(page, crawl, now)
  local key = 'p:' .. page.id
  redis.call('HSET', key, 'c', page.c and page.c .. ' ' .. crawl or crawl)
  if page.y ~= REQUISITE and grows(crawl) and (page.s ~= 'w' and page.s ~= 'f' or page.l or next_part(page)) then
    -- Whoever fetched it did not know of this crawl, and left out what the page leads to.
    redis.call('HSET', key, 'j', page.j and page.j .. ' ' .. crawl or crawl)
  end
  local due = redis.call('ZSCORE', 'parked', page.id)
  if due then
    redis.call('ZREM', 'parked', page.id)
    wait_for_host(page, tonumber(due), now)
  end
end

-- A normal URL becomes a crawl's line in flight. Returns outcome and reason where it ended at once, else nothing.
local function take_in(page, crawl, url, kind, now)
  if is_forgotten(page, url) then
    remember_crawl(page, crawl)
    end_at_once(crawl, page.id, kind, 'R', FORGOTTEN)
    return 'R', FORGOTTEN
  end
  if page.s and STAGE_OF[page.s] or page.s == 'w' then
    join_page(page, crawl, now)
  else
    start_page(page, crawl, url, kind, now)
    page.s = 'w'
  end
  redis.call('HINCRBY', 'crawl:' .. crawl, 's:' .. page.s, 1)
  redis.call('HINCRBY', 'crawl:' .. crawl, 'live', 1)
  return nil
end

-- A line is written down.
local function add_line(crawl, element, kind)
  local key = 'crawl:' .. crawl
  redis.call('RPUSH', key .. ':urls', element)
  redis.call('HINCRBY', key, 'n', 1)
  count('submitted', 1)
  if kind ~= '' then
    redis.call('HINCRBY', key, kind == REQUISITE and 'requisites' or 'sources', 1)
    redis.call('HSET', key, 'grows', 1)
  end
end
