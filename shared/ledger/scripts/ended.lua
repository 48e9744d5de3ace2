#!lua flags=allow-oom
-- ARGV: id, token, now, stage, outcome (R or U), reason, gone marker (empty: not gone).
local stage = ARGV[4]
local page = held(ARGV[1], ARGV[2], stage)
if not page then
  return {}
end
local now = tonumber(ARGV[3])
leave_lease(page, stage)
if ARGV[7] ~= '' and page.v and stage ~= 'index' then
  -- The store holds the page: it is to be marked there first.
  if stage == 'fetch' then
    free_host(page.u, now)
  end
  move(page, 'i')
  redis.call('UNLINK', 'raw:' .. page.id)
  redis.call('SET', 'out:' .. page.id, ARGV[7])
  redis.call('HDEL', 'p:' .. page.id, 'a', 'b')
  redis.call('HSET', 'p:' .. page.id, 'g', ARGV[6])
  make_ready(page, 'index', now)
  return { 'index', '', '' }
end
finish(page, ARGV[5], ARGV[6], now)
return { '', ARGV[5], '' }
