#!lua
-- ARGV: crawl, now, lines already in (as the caller knows), then for each line:
-- page id, URL (empty: the text is none), why not, the text where it is not the URL itself.
-- A URL of a page that is known by another one is a line for that page.
-- Returns for each line its page's id, outcome letter and reason, both empty while the page is in flight; or an error
-- word.
local crawl, now = ARGV[1], tonumber(ARGV[2])
local key = 'crawl:' .. crawl
local lines = redis.call('HGET', key, 'n')
if not lines then
  return redis.error_reply('LEDGER no crawl ' .. crawl)
end
if redis.call('HEXISTS', key, 'closed') == 1 then
  return redis.error_reply('LEDGER crawl ' .. crawl .. ' takes no more URLs')
end
-- A client that lost the reply sends the lines again: those that are in are not taken twice.
local skip = tonumber(lines) - tonumber(ARGV[3])
local out = {}

local function line(id, outcome, reason)
  out[#out + 1] = id
  out[#out + 1] = outcome
  out[#out + 1] = reason
end

local function end_at_once(id, outcome, reason)
  redis.call('HINCRBY', key, 'o:' .. outcome, 1)
  count('o:' .. outcome, 1)
  if outcome ~= 'D' then
    redis.call('RPUSH', key .. ':ended', id .. outcome .. reason)
  end
  line(id, outcome, reason)
end

local function start(page, url)
  -- A finished page, or a new one, is fetched.
  local id = page.id
  if page.s then
    count('s:' .. page.s, -1)
    if page.s == 'Q' then
      redis.call('HDEL', 'quarantine', id)
      redis.call('UNLINK', 'body:' .. id)
    end
  end
  count('s:w', 1)
  page.u = url
  redis.call('HSET', 'p:' .. id, 'u', url, 's', 'w', 'c', crawl)
  redis.call('HDEL', 'p:' .. id, 'r', 'd')
  wait_for_host(page, now, now)
end

local function join(page)
  redis.call('HSET', 'p:' .. page.id, 'c', page.c and page.c .. ' ' .. crawl or crawl)
  local due = redis.call('ZSCORE', 'parked', page.id)
  if due then
    redis.call('ZREM', 'parked', page.id)
    wait_for_host(page, tonumber(due), now)
  end
end

for n = 4, #ARGV, 4 do
  local id, url, why, text = ARGV[n], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3]
  if skip > 0 then
    skip = skip - 1
    line(id, '', '')
  else
    local page = entry(id) or { id = id }
    local other = page.d and entry(page.d)
    if other then
      text = text ~= '' and text or url
      page, id, url = other, other.id, other.u or url
    end
    local again = has_word(page.c, crawl) or has_word(page.k, crawl)
    redis.call('RPUSH', key .. ':urls', id .. (again and '=' or text ~= '' and ' ' or '') .. text)
    redis.call('HINCRBY', key, 'n', 1)
    count('submitted', 1)
    if again then
      end_at_once(id, 'D', 'same page as an earlier line')
    elseif url == '' then
      if not page.s then
        count('s:R', 1)
        redis.call('HSET', 'p:' .. id, 'u', string.sub(text, 1, 500), 's', 'R', 'r', why)
      end
      redis.call('HSET', 'p:' .. id, 'k', page.k and page.k .. ' ' .. crawl or crawl)
      end_at_once(id, 'R', why)
    elseif is_forgotten(page, url) then
      redis.call('HSET', 'p:' .. id, 'k', page.k and page.k .. ' ' .. crawl or crawl)
      end_at_once(id, 'R', FORGOTTEN)
    else
      if page.s and STAGE_OF[page.s] or page.s == 'w' then
        join(page)
      else
        start(page, url)
        page.s = 'w'
      end
      redis.call('HINCRBY', key, 's:' .. page.s, 1)
      redis.call('HINCRBY', key, 'live', 1)
      line(id, '', '')
    end
  end
end
return out
