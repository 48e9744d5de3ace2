#!lua
-- ARGV: crawl, page id, now, raw page. A stored page is parsed again, as a line of the crawl: the same fetch, and the
-- next parse of it. Returns 'parse', or why not: 'again' (it is a line of the crawl), 'busy' (it is being worked on),
-- 'state' (it is not stored, or not as the last fetch found it), 'often' (a fetch has 1,023 parses at most).
local crawl, id, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
local page = entry(id)
if page and (has_word(page.c, crawl) or has_word(page.k, crawl)) then
  return 'again'
elseif page and (STAGE_OF[page.s] or page.s == 'w') then
  return 'busy'
elseif not page or not page.v or page.s ~= 'I' and page.s ~= 'U' then
  return 'state'
end
local version = tonumber(page.v)
if version % 1024 == 1023 then
  return 'often'
end
local key = 'crawl:' .. crawl
redis.call('RPUSH', key .. ':urls', id)
redis.call('HINCRBY', key, 'n', 1)
count('submitted', 1)
take_up(page, page.u, crawl, 'p', math.floor(version / 1024))
redis.call('SET', 'raw:' .. id, ARGV[4])
redis.call('HSET', 'p:' .. id, 'P', whole(version % 1024 + 1))
for field, kept in pairs({ H = page.h or false, E = page.e or false }) do
  if kept then
    redis.call('HSET', 'p:' .. id, field, kept)
  end
end
make_ready(page, 'parse', now)
return 'parse'
