#!lua
-- ARGV: id, token, now, raw page, content hash, etag, trail, what it tells of the host. A body to parse: refused in a full Redis, as it adds to it.
local page = held(ARGV[1], ARGV[2], 'fetch', ARGV[8])
if not page then
  return {}
end
local now, key = tonumber(ARGV[3]), 'p:' .. page.id
leave_lease(page, 'fetch')
end_turn(page, now)
forget_way(page)
move(page, 'p')
redis.call('SET', 'raw:' .. page.id, ARGV[4])
redis.call('HDEL', key, 'a', 'b', 'z')
redis.call('HSET', key, 'H', ARGV[5], 't', ARGV[7]) -- `h` and `e` once it is indexed
if ARGV[6] ~= '' then
  redis.call('HSET', key, 'E', ARGV[6])
end
make_ready(page, 'parse', now)
return { 'parse', '', '' }
