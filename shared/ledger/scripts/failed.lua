#!lua flags=allow-oom
-- ARGV: id, token, now, stage, reason, cause, final (1 or 0), max attempts, place, back-off base, what a fetch tells of
-- the host.
local stage = ARGV[4]
local page = held(ARGV[1], ARGV[2], stage, ARGV[11])
if not page then
  return {}
end
local now, key = tonumber(ARGV[3]), 'p:' .. page.id
leave_lease(page, stage)
count_error(page, ARGV[6])

-- Whether it is the host's failure and none of the page's: it does not answer, and is set aside, or says when to come
-- again, and has not said so for longer than its patience. The page waits for it, as far as it has come.
local function is_spared()
  if not page.told then
    return false
  elseif page.told.v == 'failed' then
    return redis.call('HEXISTS', 'pace:' .. host_of_page(page), 'n') == 1
  elseif page.told.v == 'slow down' and page.told.r then
    page.z = page.z or whole(now)
    redis.call('HSET', key, 'z', page.z)
    return now - tonumber(page.z) < PATIENCE
  end
  return false
end

if stage == 'fetch' and ARGV[7] ~= '1' then
  local host = host_of_page(page)
  end_turn(page, now)
  move(page, 'w')
  if is_spared() then
    wait_for_host(page, now, now)
    return { '', '', redis.call('HGET', 'pace:' .. host, 'u') or whole(now) }
  end
end
local attempts = redis.call('HINCRBY', key, 'a', 1)
if ARGV[7] == '1' or attempts >= tonumber(ARGV[8]) then
  if stage == 'fetch' and next_part(page) then -- the page is there: it does without the part
    if page.s == 'f' then
      end_turn(page, now)
    end
    return { end_part(page, '', now), '', '' }
  end
  quarantine(page, stage, ARGV[5], ARGV[6], ARGV[9], now)
  return { '', 'Q', '' }
end
if stage ~= 'fetch' then
  make_ready(page, stage, now)
  return { stage, '', whole(now) }
end
-- Doubles with every attempt; the caller put the jitter into the base. It begins anew, at its own URL.
local due = now + math.floor(tonumber(ARGV[10]) * 2 ^ (attempts - 1))
forget_way(page)
wait_for_host(page, due, now)
return { '', '', whole(due) }
