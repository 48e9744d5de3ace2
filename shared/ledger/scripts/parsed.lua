#!lua
-- ARGV: id, token, now, records, trail. Refused in a full Redis, as it adds to it.
local page = held(ARGV[1], ARGV[2], 'parse')
if not page then
  return {}
end
leave_lease(page, 'parse')
move(page, 'i')
redis.call('SET', 'out:' .. page.id, ARGV[4])
if redis.call('UNLINK', 'parts:' .. page.id) == 0 then
  redis.call('HDEL', 'p:' .. page.id, 'x')
end
redis.call('HDEL', 'p:' .. page.id, 'a', 'b')
redis.call('HSET', 'p:' .. page.id, 't', ARGV[5])
make_ready(page, 'index', tonumber(ARGV[3]))
return { 'index', '', '' }
