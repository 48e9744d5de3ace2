#!lua flags=allow-oom
-- ARGV: host, now, reason, cause, place, at most. Quarantines pages that wait for a host that does not answer (those that
-- wait for a part of their discussion do without it); returns how many still wait. With none left the host begins anew.
local host, now = ARGV[1], tonumber(ARGV[2])
if not redis.call('ZSCORE', 'forsaken', host) then
  return 0 -- it answered meanwhile
end
local queue = 'host:' .. host
for _, id in ipairs(redis.call('ZRANGE', queue, 0, tonumber(ARGV[6]) - 1)) do
  redis.call('ZREM', queue, id)
  local page = entry(id)
  if page and next_part(page) then
    end_part(page, '', now) -- if it is to be parsed now, the reconciler publishes it
  elseif page then
    quarantine(page, 'fetch', ARGV[3], ARGV[4], ARGV[5], now)
  end
end
local left = redis.call('ZCARD', queue)
if left == 0 then
  take_back(host)
  keep_pace(host, now)
end
set_turn(host, now)
return left
