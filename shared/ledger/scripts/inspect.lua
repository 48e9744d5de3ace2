#!lua flags=no-writes
-- ARGV: page ids. Looks at each entry at one moment. Returns for each: state (empty: no entry), version, counts,
-- fetch id, crawls, and what is wrong with where it stands (empty: nothing).
local function where(page)
  local places = {}
  local function look(key)
    if redis.call('ZSCORE', key, page.id) then
      places[#places + 1] = key
    end
  end
  if page.s == 'w' then
    look('host:' .. (page.u and host_of_page(page) or ''))
    look('parked')
  else
    look('ready:' .. STAGE_OF[page.s])
    look('lease:' .. STAGE_OF[page.s])
  end
  return places
end

local function keeps(prefix, id)
  return redis.call('EXISTS', prefix .. id) == 1
end

local function fault_in_flight(page)
  local places = where(page)
  if #places == 0 then
    return 'it is in flight and stands in no queue'
  elseif #places > 1 then
    return 'it stands in two places: ' .. table.concat(places, ', ')
  end
  local leased = string.sub(places[1], 1, 6) == 'lease:'
  if leased ~= (page.l ~= nil) or leased and redis.call('SISMEMBER', 'held:' .. page.l, page.id) == 0 then
    return 'its lease and its place do not agree'
  elseif not page.c then
    return 'it is in flight for no crawl'
  elseif page.s == 'p' and not keeps('raw:', page.id) then
    return 'its raw body is missing'
  elseif page.s == 'i' and not keeps('out:', page.id) then
    return 'its records are missing'
  end
  return ''
end

local function fault(page)
  if STAGE_OF[page.s] or page.s == 'w' then
    local found = fault_in_flight(page)
    if found ~= '' then
      return found
    end
  elseif page.c or page.l or page.w or page.A or page.D or page.j then
    return 'it has ended and still names a crawl, a lease, a host or an address'
  elseif not string.find('IUSDRQX', page.s, 1, true) then
    return 'it has the unknown state ' .. page.s
  end
  if page.s ~= 'w' and page.s ~= 'f' and keeps('way:', page.id) then
    return 'a way is left that nobody goes'
  elseif page.s ~= 'w' and page.s ~= 'f' and keeps('want:', page.id) then
    return 'parts of its discussion are wanted that nobody fetches'
  elseif (page.s == 'w' or page.s == 'f') and keeps('want:', page.id) ~= keeps('raw:', page.id) then
    return 'its raw body and the parts that are wanted for it do not agree'
  elseif page.s ~= 'w' and page.s ~= 'f' and page.s ~= 'p' and keeps('parts:', page.id) then
    return 'parts of its discussion are left that nobody waits for'
  elseif not STAGE_OF[page.s] and page.s ~= 'w' and keeps('raw:', page.id) then
    return 'a raw body is left that nobody waits for'
  elseif page.s ~= 'i' and keeps('out:', page.id) then
    return 'records are left that nobody waits for'
  elseif page.s ~= 'Q' and keeps('body:', page.id) then
    return 'a quarantined body is left'
  elseif (page.s == 'Q') ~= (redis.call('HEXISTS', 'quarantine', page.id) == 1) then
    return 'its state and the quarantine do not agree'
  elseif (page.s == 'D') ~= (page.d ~= nil) or page.d and page.v then
    return 'its state and what it is a duplicate of do not agree'
  elseif page.s == 'X' and page.u then
    return 'it was forgotten and its URL is still there'
  end
  return ''
end

local function orphan(id)
  for _, prefix in ipairs({ 'raw:', 'out:', 'body:', 'way:', 'want:', 'parts:' }) do
    if keeps(prefix, id) then
      return 'its ledger entry is missing, and ' .. prefix .. ' is left of it'
    end
  end
  return 'its ledger entry is missing'
end

local out = {}
for _, id in ipairs(ARGV) do
  local page = entry(id)
  if not page then
    out[#out + 1] = { '', '', '', '', '', orphan(id) }
  elseif not page.s then
    out[#out + 1] = { '?', '', '', '', '', 'it has no state' }
  else
    out[#out + 1] = { page.s, page.v or '', page.n or '', page.f or '', page.c or '', fault(page) }
  end
end
return out
