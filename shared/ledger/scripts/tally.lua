#!lua flags=no-writes
-- At one moment: {all global counters, faults}: counters against the lengths of queues and against all crawls.
local counts = {}
local flat = redis.call('HGETALL', 'counts')
for n = 1, #flat, 2 do
  counts[flat[n]] = tonumber(flat[n + 1])
end
local faults = {}
local function compare(what, counted, found)
  if (counted or 0) ~= found then
    faults[#faults + 1] = what .. ': the counter says ' .. whole(counted or 0) .. ', there are ' .. whole(found)
  end
end

for state, stage in pairs(STAGE_OF) do
  local there = redis.call('ZCARD', 'ready:' .. stage) + redis.call('ZCARD', 'lease:' .. stage)
  compare('pages in the queues of ' .. stage, counts['s:' .. state], there)
end

local waiting = redis.call('ZCARD', 'parked')
local seen = {}
for _, host in ipairs(redis.call('ZRANGE', 'hosts', 0, -1)) do
  waiting = waiting + redis.call('ZCARD', 'host:' .. host)
  seen[host] = true
end
local fetching = 0
local busy = redis.call('HGETALL', 'hostbusy')
for n = 1, #busy, 2 do
  fetching = fetching + tonumber(busy[n + 1])
  if not seen[busy[n]] then
    waiting = waiting + redis.call('ZCARD', 'host:' .. busy[n])
    seen[busy[n]] = true
  end
end
for _, host in ipairs(redis.call('HKEYS', 'blocked')) do
  if not seen[host] then
    waiting = waiting + redis.call('ZCARD', 'host:' .. host)
  end
end
local taken, noted = 0, 0
for _, number in ipairs(redis.call('HVALS', 'addresses')) do
  taken = taken + tonumber(number)
end
for _, id in ipairs(redis.call('ZRANGE', 'lease:fetch', 0, -1)) do
  local address = redis.call('HGET', 'p:' .. id, 'A')
  if address and address ~= '-' then
    noted = noted + 1
  end
end
compare('places at addresses', taken, noted)
compare('pages waiting for hosts that will have a turn', counts['s:w'], waiting)
compare('fetches under way, by host', fetching, counts['s:f'] or 0)

local sums = {}
local fields = { 'n', 'o:I', 'o:U', 'o:S', 'o:D', 'o:R', 'o:Q', 'live' }
for n, number in ipairs(redis.call('HMGET', 'crawls:past', unpack(fields))) do
  sums[fields[n]] = tonumber(number or 0)
end
for _, crawl in ipairs(redis.call('ZRANGE', 'crawls', 0, -1)) do
  local numbers = redis.call('HMGET', 'crawl:' .. crawl, unpack(fields))
  for n, field in ipairs(fields) do
    sums[field] = (sums[field] or 0) + tonumber(numbers[n] or 0)
  end
end
compare('submitted lines of all crawls', counts['submitted'], sums['n'] or 0)
local ended = 0
for n = 2, #fields - 1 do
  compare('lines of all crawls that ended ' .. fields[n], counts[fields[n]], sums[fields[n]] or 0)
  ended = ended + (sums[fields[n]] or 0)
end
compare('submitted = ended + in flight, over all crawls', counts['submitted'], ended + (sums['live'] or 0))
compare('quarantined pages', counts['s:Q'], redis.call('HLEN', 'quarantine'))
return { flat, faults }
