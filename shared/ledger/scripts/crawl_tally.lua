#!lua flags=no-writes
-- ARGV: crawl. At one moment: its fields and the lengths of its two lists, which only grow.
local key = 'crawl:' .. ARGV[1]
return { redis.call('HGETALL', key), redis.call('LLEN', key .. ':urls'), redis.call('LLEN', key .. ':ended') }
