#!lua
-- A line of a crawl that comes with its answer: nobody is asked for the page. Refused in a full Redis, as it adds to it.
-- ARGV: crawl, now, lines already in (as the caller knows), page id, URL (empty: the text is none), the text where it is
-- not the URL, fetch id, ending (P: parse it, R: refused, G: the page was gone), reason of R and G and why the text is no
-- URL, raw page (of G the marker), content hash, etag, trail.
-- A URL of a page that is known by another one is a line for that page.
-- Returns {stage to publish it for, page id}, or {'', outcome letter, reason}. Or nothing was taken: {'busy'}, the page is being
-- worked on; {'at', lines}, so many are in, as a reply or a second of the ledger was lost.
local crawl, now, id, url, text = ARGV[1], tonumber(ARGV[2]), ARGV[4], ARGV[5], ARGV[6]
local fetch, ending, reason = tonumber(ARGV[7]), ARGV[8], ARGV[9]
local key = 'crawl:' .. crawl
local lines = redis.call('HGET', key, 'n')
if not lines then
  return redis.error_reply('LEDGER no crawl ' .. crawl)
end
if redis.call('HEXISTS', key, 'closed') == 1 then
  return redis.error_reply('LEDGER crawl ' .. crawl .. ' takes no more URLs')
end
if lines ~= ARGV[3] then
  return { 'at', lines }
end
local page = entry(id) or { id = id }
local other = page.d and entry(page.d)
if other then -- another URL of a page that is known
  text = text ~= '' and text or url
  page, id, url = other, other.id, other.u or url
end
if page.s == 'p' or page.s == 'i' then
  return { 'busy' }
end

redis.call('RPUSH', key .. ':urls', id .. (text ~= '' and ' ' or '') .. text)
redis.call('HINCRBY', key, 'n', 1)
count('submitted', 1)

-- The line ends, and the page stays as it is.
local function end_at_once(outcome, why)
  redis.call('HINCRBY', key, 'o:' .. outcome, 1)
  count('o:' .. outcome, 1)
  redis.call('RPUSH', key .. ':ended', id .. outcome .. why)
  return { '', outcome, why }
end

if url == '' then
  if not page.s then
    count('s:R', 1)
    redis.call('HSET', 'p:' .. id, 'u', string.sub(text, 1, 500), 's', 'R', 'r', reason)
  end
  return end_at_once('R', reason)
elseif is_forgotten(page, url) then
  return end_at_once('R', FORGOTTEN)
elseif page.s == 'w' or page.s == 'f' then
  return end_at_once('R', 'older than what is being fetched now')
end
local stored = page.v and math.floor(tonumber(page.v) / 1024) or 0
if fetch <= stored then
  if ending == 'P' and page.h == ARGV[11] then
    return end_at_once('U', '')
  end
  return end_at_once('R', 'older than what is stored')
end

take_up(page, url, crawl, 'p', fetch)
if ending == 'P' and page.v and page.h == ARGV[11] then
  finish(page, 'U', '', now)
  return { '', 'U', '' }
elseif ending == 'G' and page.v then
  -- The store holds the page: it is to be marked there first.
  move(page, 'i')
  redis.call('SET', 'out:' .. id, ARGV[10])
  redis.call('HSET', 'p:' .. id, 'g', reason)
  make_ready(page, 'index', now)
  return { 'index', id }
elseif ending ~= 'P' then
  finish(page, 'R', reason, now)
  return { '', 'R', reason }
end
redis.call('SET', 'raw:' .. id, ARGV[10])
redis.call('HSET', 'p:' .. id, 'H', ARGV[11], 't', ARGV[13], 'P', '0')
if ARGV[12] ~= '' then
  redis.call('HSET', 'p:' .. id, 'E', ARGV[12])
end
make_ready(page, 'parse', now)
return { 'parse', id }
