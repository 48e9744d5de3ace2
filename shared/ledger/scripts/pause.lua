#!lua flags=allow-oom
-- ARGV: crawl. Its waiting pages are passed over by dispatch; those under way go on. No more once it is finished.
local key = 'crawl:' .. ARGV[1]
if redis.call('EXISTS', key) == 0 then
  return redis.error_reply('LEDGER no crawl ' .. ARGV[1])
end
if redis.call('HEXISTS', key, 'finished') == 0 then
  redis.call('SADD', 'crawls:paused', ARGV[1])
end
return 1
