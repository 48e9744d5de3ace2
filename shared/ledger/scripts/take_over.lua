#!lua flags=allow-oom
-- ARGV: id, id of the page that takes its place, now, reason. A stored page at rest becomes a duplicate of its canonical
-- page, which says all that it says; its records are still to be deleted from the store. Returns 1, or 0 where it is
-- under way, or stored no more.
local page = entry(ARGV[1])
if not page or not page.v or not (page.s == 'I' or page.s == 'U') then
  return 0
end
local id, key, now = page.id, 'p:' .. page.id, tonumber(ARGV[3])
take_records(page)
count('s:' .. page.s, -1)
count('s:D', 1)
redis.call('HSET', key, 's', 'D', 'd', ARGV[2], 'r', ARGV[4])
redis.call('HDEL', key, 'v', 'n', 'h', 'e')
hand_watch_on(id, ARGV[2])
redis.call('HDEL', 'quarantine:records', id)
redis.call('HDEL', 'canonical', ARGV[2])
redis.call('ZADD', 'forgotten:pending', 'GT', now, id)
return 1
