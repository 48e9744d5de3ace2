#!lua flags=allow-oom
-- ARGV: id, token, now, address (`-`: none is known). A request is about to be made under this lease. Returns 1: it may;
-- 0: the address has no free place; -1: the lease is lost, and nothing may be asked.
local page = held(ARGV[1], ARGV[2], 'fetch')
if not page then
  return -1
elseif page.A then
  return 1 -- asked again, after a lost reply
end
local now, address = tonumber(ARGV[3]), ARGV[4]
if address ~= '-' then
  if tonumber(redis.call('HGET', 'addresses', address) or 0) >= ADDRESS_CONCURRENCY then
    return 0
  end
  redis.call('HINCRBY', 'addresses', address, 1)
end
redis.call('HSET', 'p:' .. page.id, 'A', address)
if CONCURRENCY > 1 then
  local host = host_of_page(page)
  local delay = delay_of(host)
  if delay > 0 then
    redis.call('ZADD', 'rest', whole(now + delay), host)
    set_turn(host, now)
  end
end
return 1
