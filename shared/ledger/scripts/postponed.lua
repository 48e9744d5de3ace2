#!lua flags=allow-oom
-- ARGV: id, token, now, stage, due, what a fetch tells of the host, address at which there was no place (or empty).
-- Back to where it waited, without an attempt.
local stage = ARGV[4]
local page = held(ARGV[1], ARGV[2], stage, ARGV[6])
if not page then
  return {}
end
local now, due, address = tonumber(ARGV[3]), tonumber(ARGV[5]), ARGV[7]
leave_lease(page, stage)
if stage ~= 'fetch' then
  make_ready(page, stage, due)
  return { '', '', whole(due) }
end
if address ~= '' and tonumber(redis.call('HGET', 'addresses', address) or 0) >= ADDRESS_CONCURRENCY then
  -- Its host has no turn before a place is free.
  local host = host_of_page(page)
  redis.call('HSET', 'blocked', host, address)
  redis.call('RPUSH', 'crowd:' .. address, host)
end
back_to_host(page, due, now)
return { '', '', whole(due) }
