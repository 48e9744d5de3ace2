#!lua flags=allow-oom
-- ARGV: id, token, now, stage, due, delay, concurrency. Back to where it waited, without an attempt.
local stage = ARGV[4]
local page = held(ARGV[1], ARGV[2], stage)
if not page then
  return {}
end
local now, due = tonumber(ARGV[3]), tonumber(ARGV[5])
leave_lease(page, stage)
if stage == 'fetch' then
  free_host(page.u, now)
  move(page, 'w')
  wait_for_host(page, due, now, tonumber(ARGV[6]), tonumber(ARGV[7]))
else
  make_ready(page, stage, due)
end
return { '', '', whole(due) }
