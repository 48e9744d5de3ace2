#!lua
-- ARGV: now, then page ids. Each is looked at again and again from now on; its next look is that of a new page.
-- Returns how many were not watched before.
local now, added = tonumber(ARGV[1]), 0
for n = 2, #ARGV do
  added = added + redis.call('SADD', 'watched', ARGV[n])
  redis.call('ZADD', 'watch', 'NX', now + FIRST_LOOK * 1000, ARGV[n])
  redis.call('HDEL', 'p:' .. ARGV[n], 'q')
end
return added
