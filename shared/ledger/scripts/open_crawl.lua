#!lua
-- ARGV: digest, label, now, watch (1 or 0), scope (empty: none), whether it follows links (1 or 0).
-- Returns {crawl id, taken up again (1) or new (0), submitted lines already in}.
local crawl = redis.call('HGET', 'crawls:open', ARGV[1])
if crawl then
  local lines = redis.call('HMGET', 'crawl:' .. crawl, 'n', 'found')
  return { crawl, 1, tonumber(lines[1]) - tonumber(lines[2] or 0) }
end
crawl = tostring(redis.call('INCR', 'crawls:last'))
redis.call('HSET', 'crawl:' .. crawl, 'digest', ARGV[1], 'label', ARGV[2], 'created', ARGV[3], 'n', 0, 'live', 0)
if ARGV[5] ~= '' then
  redis.call('HSET', 'crawl:' .. crawl, 'scope', ARGV[5])
end
if ARGV[6] == '1' then
  redis.call('HSET', 'crawl:' .. crawl, 'grows', 1)
end
redis.call('HSET', 'crawls:open', ARGV[1], crawl)
redis.call('ZADD', 'crawls', ARGV[3], crawl)
if ARGV[4] == '1' then
  redis.call('HSET', 'crawl:' .. crawl, 'watch', '1')
  redis.call('ZADD', 'crawls:watch', ARGV[3], crawl)
end
return { crawl, 0, 0 }
