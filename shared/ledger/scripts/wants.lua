#!lua
-- ARGV: id, token, now, then parts of the page's discussion that are to be fetched: "host URL what the parser calls it".
-- The page waits for the first one's host, before that host's other pages, and is parsed again when all have come.
local page = held(ARGV[1], ARGV[2], 'parse')
if not page then
  return {}
end
leave_lease(page, 'parse')
move(page, 'w')
redis.call('RPUSH', 'want:' .. page.id, unpack(ARGV, 4))
redis.call('HDEL', 'p:' .. page.id, 'a', 'b')
redis.call('HSET', 'p:' .. page.id, 'x', '1')
forget_way(page)
wait_for_host(page, FIRST, tonumber(ARGV[3]))
return { '', '', '' }
