#!lua flags=allow-oom
-- ARGV: crawl, now. All lines of the crawl are in; with nothing in flight it is finished.
local key = 'crawl:' .. ARGV[1]
if redis.call('EXISTS', key) == 0 then
  return redis.error_reply('LEDGER no crawl ' .. ARGV[1])
end
if redis.call('HSETNX', key, 'closed', ARGV[2]) == 1 and redis.call('HGET', key, 'live') == '0' then
  finish_crawl(ARGV[1], tonumber(ARGV[2]))
end
return 1
