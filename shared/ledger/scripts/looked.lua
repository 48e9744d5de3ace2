#!lua flags=allow-oom
-- ARGV: now, how many addresses have ended, milliseconds for which a look is kept, and those between two that are kept.
-- Returns the oldest look: its time and how many had ended then.
redis.call('ZREMRANGEBYSCORE', 'ended:seen', '-inf', ARGV[1] - ARGV[3])
local first = redis.call('ZRANGE', 'ended:seen', 0, 0)[1]
local last = redis.call('ZRANGE', 'ended:seen', -1, -1, 'WITHSCORES')[2]
if not last or ARGV[1] - last >= tonumber(ARGV[4]) then
  redis.call('ZADD', 'ended:seen', ARGV[1], ARGV[1] .. ' ' .. ARGV[2])
  redis.call('PEXPIRE', 'ended:seen', ARGV[3])
end
return first
