#!lua flags=allow-oom
-- ARGV: page ids. They are looked at no more, nor is the page that one is a duplicate of; one that is under way does not
-- come back as found by watching. Returns how many were watched.
local gone = 0
for _, id in ipairs(ARGV) do
  local page = entry(id) or { id = id }
  if page.d then
    page = entry(page.d) or { id = page.d }
  end
  redis.call('SREM', 'watched', page.id)
  gone = gone + redis.call('ZREM', 'watch', page.id)
  redis.call('HDEL', 'p:' .. page.id, 'i')
  if page.s == 'w' or STAGE_OF[page.s or ''] then
    redis.call('HSET', 'p:' .. page.id, 'q', '1')
  end
end
return gone
