#!lua flags=allow-oom
-- ARGV: page ids. They are looked at no more. Returns how many were watched.
local gone = 0
for _, id in ipairs(ARGV) do
  redis.call('SREM', 'watched', id)
  gone = gone + redis.call('ZREM', 'watch', id)
  redis.call('HDEL', 'p:' .. id, 'i')
end
return gone
