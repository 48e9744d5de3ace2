#!lua flags=allow-oom
-- ARGV: crawl, now, at most. Brings parked pages back to their hosts; returns how many are left.
-- Those of other paused crawls are parked again when their turn comes.
if redis.call('EXISTS', 'crawl:' .. ARGV[1]) == 0 then
  return redis.error_reply('LEDGER no crawl ' .. ARGV[1])
end
redis.call('SREM', 'crawls:paused', ARGV[1])
local parked = redis.call('ZRANGE', 'parked', 0, tonumber(ARGV[3]) - 1, 'WITHSCORES')
for n = 1, #parked, 2 do
  local page = entry(parked[n])
  redis.call('ZREM', 'parked', parked[n])
  if page then
    wait_for_host(page, tonumber(parked[n + 1]), tonumber(ARGV[2]))
  end
end
return redis.call('ZCARD', 'parked')
