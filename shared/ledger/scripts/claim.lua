#!lua flags=allow-oom
-- ARGV: stage, token, now, lapses at, batch, page ids… Returns for each page leased: id, its
-- fields, its way so far, the URL of the part that is to be fetched for it.
-- Allowed in a full Redis: what is claimed is what will free it.
local stage, token, now, lapses, batch = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local ready, lease, mine = 'ready:' .. stage, 'lease:' .. stage, 'held:' .. token
local out = {}
if stage == 'fetch' then
  restarted(now)
end

local function give(id)
  local page = redis.call('HMGET', 'p:' .. id, 'u', 'f', 'a', 'b', 'c', 'e', 'h', 'v', 't', 'P', 'x')
  page[12] = redis.call('GET', 'way:' .. id)
  local _, url = next_part({ id = id })
  page[13] = url or false
  local found = redis.call('HMGET', 'p:' .. id, 'y', 'D')
  page[14], page[15] = found[1], found[2]
  if page[14] and page[14] ~= REQUISITE and not only_looks(page[5]) then
    page[6] = false
  end
  out[#out + 1] = { id, unpack(page) }
end

-- A supervisor counts as alive from its workers' first lease on, or one that dies before its first sign is never missed.
local supervisor = string.match(token, '^([^.]*)%.')

local function take(id)
  if supervisor then
    redis.call('ZADD', 'workers', 'NX', now, supervisor)
    supervisor = nil
  end
  redis.call('ZREM', ready, id)
  redis.call('ZADD', lease, lapses, id)
  redis.call('SADD', mine, id)
  redis.call('HSET', 'p:' .. id, 'l', token)
  if stage == 'fetch' and not next_part({ id = id }) then
    redis.call('HDEL', 'p:' .. id, 'j') -- who joined so far is known from here on
  end
  give(id)
end

-- A client that lost the reply asks again.
for _, id in ipairs(redis.call('SMEMBERS', mine)) do
  give(id)
end
if #out > 0 then
  return out
end

local named, alone = {}, nil
for n = 6, #ARGV do
  local at = redis.call('ZSCORE', ready, ARGV[n])
  if at and tonumber(at) <= now then
    if redis.call('HEXISTS', 'p:' .. ARGV[n], 'b') == 0 then
      named[#named + 1] = ARGV[n]
    else
      alone = alone or ARGV[n]
    end
  end
end
if alone then
  take(alone)
  redis.call('HSET', 'p:' .. alone, 'o', '1')
  return out
end
for _, id in ipairs(named) do
  if #out < batch and redis.call('ZSCORE', ready, id) then
    take(id)
  end
end
if batch > 1 and #out < batch then
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', ready, '-inf', now, 'LIMIT', 0, 2 * batch)) do
    if #out < batch and redis.call('HEXISTS', 'p:' .. id, 'b') == 0 then
      take(id)
    end
  end
end
if #out == 1 then
  redis.call('HSET', 'p:' .. out[1][1], 'o', '1') -- the only page of its claim: if it dies, it died alone
end
return out
