#!lua flags=allow-oom
-- ARGV: id, token, now, version, counts "a,c,r,w,g", changed (1 or 0), id of its canonical URL, then pairs of a record's id and what the store said of it.
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
-- What the store refused of an earlier version is past.
redis.call('HDEL', 'quarantine:records', page.id)
if #ARGV > 7 then
  local refused = {}
  for n = 8, #ARGV, 2 do
    refused[ARGV[n]] = ARGV[n + 1]
  end
  redis.call('HSET', 'quarantine:records', page.id, cjson.encode({ at = whole(now), records = refused }))
end
if page.g then -- what was stored is that the page is gone
  redis.call('HDEL', key, 'h', 'e') -- so that the same body is no 'unchanged' when it comes back
  finish(page, 'R', page.g, now)
  return { '', 'R', '' }
end
-- What the next fetch is compared with: of this body, or nothing.
for field, of_body in pairs({ h = page.H or false, e = page.E or false }) do
  if of_body then
    redis.call('HSET', key, field, of_body)
  else
    redis.call('HDEL', key, field)
  end
end
if ARGV[7] ~= page.id then
  -- Other URLs of it stand for this page, until the canonical one is fetched itself.
  local leader = redis.call('HGET', 'canonical', ARGV[7])
  if not leader or redis.call('HEXISTS', 'p:' .. leader, 'v') == 0 then
    redis.call('HSET', 'canonical', ARGV[7], page.id)
  end
end
finish(page, 'I', nil, now, ARGV[6] == '1')
return { '', 'I', '' }
