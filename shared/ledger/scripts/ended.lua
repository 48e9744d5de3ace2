#!lua flags=allow-oom
-- ARGV: id, token, now, stage, outcome (R, U or S), reason, gone marker (empty: not gone), what a
-- fetch tells of the host, and of a source that was read: what it is asked by whether it changed.
local stage = ARGV[4]
local page = held(ARGV[1], ARGV[2], stage, ARGV[8])
if not page then
  return {}
end
local now = tonumber(ARGV[3])
leave_lease(page, stage)
if ARGV[7] ~= '' and page.v and stage ~= 'index' then
  -- The store holds the page: it is to be marked there first.
  if stage == 'fetch' then
    end_turn(page, now)
    forget_way(page)
  end
  move(page, 'i')
  redis.call('UNLINK', 'raw:' .. page.id)
  redis.call('SET', 'out:' .. page.id, ARGV[7])
  redis.call('HDEL', 'p:' .. page.id, 'a', 'b', 'z')
  redis.call('HSET', 'p:' .. page.id, 'g', ARGV[6])
  make_ready(page, 'index', now)
  return { 'index', '', '' }
end
if ARGV[5] == 'S' then
  if ARGV[9] ~= '' and (page.y == REQUISITE or looks_know_all(page)) then
    redis.call('HSET', 'p:' .. page.id, 'e', ARGV[9])
  else
    redis.call('HDEL', 'p:' .. page.id, 'e')
  end
end
finish(page, ARGV[5], ARGV[6], now, ARGV[5] == 'S' and page.N ~= nil)
return { '', ARGV[5], '' }
