#!lua flags=allow-oom
-- ARGV: pairs of a page's id and the version in which the store holds it, too old to be kept. One that is at rest at this
-- version and is not watched is stored no more: its records are still to be deleted from the store, and expired:pending
-- holds it with its version until then. It stays what it ended as, and its next fetch is compared with nothing.
-- Returns how many they are.
local expired = 0
for n = 1, #ARGV, 2 do
  local page = entry(ARGV[n])
  local at_rest = page and page.s ~= 'w' and not STAGE_OF[page.s]
  if at_rest and page.v == ARGV[n + 1] and not redis.call('ZSCORE', 'watch', page.id) then
    take_records(page)
    redis.call('HDEL', 'p:' .. page.id, 'v', 'n', 'h', 'e')
    redis.call('HDEL', 'quarantine:records', page.id)
    redis.call('ZADD', 'expired:pending', 'GT', page.v, page.id)
    expired = expired + 1
  end
end
return expired
