#!lua flags=no-writes
-- ARGV: now, at most. Hosts with pages waiting that are set aside, or slowed for a while yet, soonest first: two lists of
-- {host, until, since, why, delay}, of at most so many hosts looked at.
local now, most = ARGV[1], tonumber(ARGV[2])

local function waiting(key, from)
  local rows = {}
  local found = redis.call('ZRANGEBYSCORE', key, from, '+inf', 'WITHSCORES', 'LIMIT', 0, most)
  for n = 1, #found, 2 do
    local host = found[n]
    if redis.call('EXISTS', 'host:' .. host) == 1 then
      local pace = redis.call('HMGET', 'pace:' .. host, 'since', 'y')
      rows[#rows + 1] = { host, found[n + 1], pace[1] or '', pace[2] or '', whole(delay_of(host)) }
    end
  end
  return rows
end

return { waiting('aside', '-inf'), waiting('slowed', now) }
