#!lua flags=allow-oom
-- ARGV: id, token, now, version, counts "a,c,r,w,g", then pairs of a record's id and what the store said of it.
local page = held(ARGV[1], ARGV[2], 'index')
if not page then
  return {}
end
local now, key = tonumber(ARGV[3]), 'p:' .. page.id
leave_lease(page, 'index')
local function add_records(counts, sign)
  local n = 1
  for number in string.gmatch(counts or '', '%d+') do
    count('r:' .. KINDS[n], sign * tonumber(number))
    n = n + 1
  end
end
add_records(page.n, -1)
add_records(ARGV[5], 1)
page.n = ARGV[5]
redis.call('HSET', key, 'v', ARGV[4], 'n', ARGV[5])
for n = 6, #ARGV, 2 do
  redis.call('HSET', 'quarantine:records', ARGV[n],
    cjson.encode({ page = page.id, reason = ARGV[n + 1], at = whole(now) }))
end
if page.g then -- what was stored is that the page is gone
  finish(page, 'R', page.g, now)
  return { '', 'R', '' }
end
redis.call('HSET', key, 'h', page.H or '')
if page.E then
  redis.call('HSET', key, 'e', page.E)
else
  redis.call('HDEL', key, 'e')
end
finish(page, 'I', nil, now)
return { '', 'I', '' }
