#!lua
-- ARGV: digest, label, now, watch (1 or 0). Returns {crawl id, taken up again (1) or new (0), lines already in}.
local crawl = redis.call('HGET', 'crawls:open', ARGV[1])
if crawl then
  return { crawl, 1, tonumber(redis.call('HGET', 'crawl:' .. crawl, 'n')) }
end
crawl = tostring(redis.call('INCR', 'crawls:last'))
redis.call('HSET', 'crawl:' .. crawl, 'digest', ARGV[1], 'label', ARGV[2], 'created', ARGV[3], 'n', 0, 'live', 0)
redis.call('HSET', 'crawls:open', ARGV[1], crawl)
redis.call('ZADD', 'crawls', ARGV[3], crawl)
if ARGV[4] == '1' then
  redis.call('HSET', 'crawl:' .. crawl, 'watch', '1')
  redis.call('ZADD', 'crawls:watch', ARGV[3], crawl)
end
return { crawl, 0, 0 }
