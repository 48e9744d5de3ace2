#!lua
-- ARGV: id, token, now, host (empty: its own), way, what it tells of the host that was asked. A request was made for the
-- page (robots.txt, a redirect), and the next one is another turn: of the host that the way leads to. No attempt.
local page = held(ARGV[1], ARGV[2], 'fetch', ARGV[6])
if not page then
  return {}
end
local now = tonumber(ARGV[3])
leave_lease(page, 'fetch')
end_turn(page, now)
move(page, 'w')
redis.call('SET', 'way:' .. page.id, ARGV[5])
page.w = nil
if ARGV[4] ~= '' then
  redis.call('HSET', 'p:' .. page.id, 'w', ARGV[4])
  page.w = ARGV[4]
else
  redis.call('HDEL', 'p:' .. page.id, 'w')
end
wait_for_host(page, FIRST, now)
return { '', '', whole(now) }
