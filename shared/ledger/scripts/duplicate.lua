#!lua flags=allow-oom
-- ARGV: id, token, now, id of the page that says all it says, reason. Nothing of it is stored: submitted again, it
-- stands for that page.
local page = held(ARGV[1], ARGV[2], 'index')
if not page then
  return {}
end
leave_lease(page, 'index')
if redis.call('HEXISTS', 'p:' .. ARGV[4], 'v') == 0 then -- forgotten, or another's duplicate, since the store was asked
  make_ready(page, 'index', tonumber(ARGV[3]))
  return { 'index', '', '' }
end
redis.call('HSET', 'p:' .. page.id, 'd', ARGV[4])
hand_watch_on(page.id, ARGV[4])
finish(page, 'D', ARGV[5], tonumber(ARGV[3]))
return { '', 'D', '' }
