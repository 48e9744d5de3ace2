#!lua
-- ARGV: crawl, page id, now, raw body. A quarantined page is parsed again, as a line of the crawl; returns 1, or 0
-- where it is in quarantine no more.
local crawl, id, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
local page = entry(id)
if not page or page.s ~= 'Q' or not page.f then
  return 0
end
local key = 'crawl:' .. crawl
redis.call('SET', 'raw:' .. id, ARGV[4])
redis.call('HDEL', 'quarantine', id)
redis.call('UNLINK', 'body:' .. id)
redis.call('LREM', 'quarantine:bodies', 0, id)
redis.call('HSET', 'p:' .. id, 's', 'p', 'c', crawl)
redis.call('HDEL', 'p:' .. id, 'r')
redis.call('RPUSH', key .. ':urls', id)
count('submitted', 1)
count('s:Q', -1)
count('s:p', 1)
for _, field in ipairs({ 'n', 's:p', 'live' }) do
  redis.call('HINCRBY', key, field, 1)
end
page.s = 'p'
make_ready(page, 'parse', now)
return 1
