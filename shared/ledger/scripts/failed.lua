#!lua flags=allow-oom
-- ARGV: id, token, now, stage, reason, cause, final (1 or 0), max attempts, place, delay, concurrency, back-off base.
local stage = ARGV[4]
local page = held(ARGV[1], ARGV[2], stage)
if not page then
  return {}
end
local now, key = tonumber(ARGV[3]), 'p:' .. page.id
leave_lease(page, stage)
count_error(page, ARGV[6])
local attempts = redis.call('HINCRBY', key, 'a', 1)
if ARGV[7] == '1' or attempts >= tonumber(ARGV[8]) then
  quarantine(page, stage, ARGV[5], ARGV[6], ARGV[9], now)
  return { '', 'Q', '' }
end
if stage ~= 'fetch' then
  make_ready(page, stage, now)
  return { stage, '', whole(now) }
end
-- Doubles with every attempt; the caller put the jitter into the base.
local due = now + math.floor(tonumber(ARGV[12]) * 2 ^ (attempts - 1))
free_host(page.u, now)
move(page, 'w')
wait_for_host(page, due, now, tonumber(ARGV[10]), tonumber(ARGV[11]))
return { '', '', whole(due) }
