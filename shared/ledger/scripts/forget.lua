#!lua flags=allow-oom
-- ARGV: now, then page ids. Each becomes an entry without a URL that is never fetched again; what waits for it is told
-- that it is refused, and whoever works on it loses the lease. Its records are still to be deleted from the store:
-- forgotten:pending holds it until then, not before its lease at the index stage would have lapsed.
-- Returns how many were in flight.
local now = tonumber(ARGV[1])
local in_flight = 0
for n = 2, #ARGV do
  local id = ARGV[n]
  local page = entry(id) or { id = id }
  local safe = now
  if page.s == 'w' or STAGE_OF[page.s or ''] then
    in_flight = in_flight + 1
    if page.s == 'i' and page.l then
      safe = tonumber(redis.call('ZSCORE', 'lease:index', id) or now)
    end
    leave_queue(page)
    finish(page, 'X', 'forgotten: it was asked never to be fetched again', now)
  elseif page.s ~= 'X' then
    if page.s then
      count('s:' .. page.s, -1)
    end
    count('s:X', 1)
  end
  take_records(page)
  redis.call('ZREM', 'watch', id)
  redis.call('SREM', 'watched', id)
  redis.call('UNLINK', 'p:' .. id, 'body:' .. id)
  redis.call('HSET', 'p:' .. id, 's', 'X')
  redis.call('HDEL', 'quarantine', id)
  redis.call('HDEL', 'quarantine:records', id)
  redis.call('LREM', 'quarantine:bodies', 0, id)
  redis.call('ZADD', 'forgotten:pending', 'GT', safe, id)
end
return in_flight
