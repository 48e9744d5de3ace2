#!lua
-- ARGV: id, token, now, raw page, content hash, etag, trail. A body to parse: refused in a full Redis, as it adds to it.
local page = held(ARGV[1], ARGV[2], 'fetch')
if not page then
  return {}
end
local now, key = tonumber(ARGV[3]), 'p:' .. page.id
leave_lease(page, 'fetch')
free_host(page.u, now)
move(page, 'p')
redis.call('SET', 'raw:' .. page.id, ARGV[4])
redis.call('HDEL', key, 'a', 'b')
redis.call('HSET', key, 'H', ARGV[5], 't', ARGV[7]) -- `h` and `e` once it is indexed
if ARGV[6] ~= '' then
  redis.call('HSET', key, 'E', ARGV[6])
end
make_ready(page, 'parse', now)
return { 'parse', '', '' }
