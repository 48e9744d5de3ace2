#!lua flags=no-writes
-- ARGV: now, at most. Hosts with pages waiting that are set aside, or slowed for a while yet, soonest first: two lists of
-- {host, no turn before, since, why, delay}, of at most so many hosts looked at.
local now, most = ARGV[1], tonumber(ARGV[2])

local function waiting(key, from)
  local rows = {}
  for _, host in ipairs(redis.call('ZRANGEBYSCORE', key, from, '+inf', 'LIMIT', 0, most)) do
    if redis.call('EXISTS', 'host:' .. host) == 1 then
      local pace = redis.call('HMGET', 'pace:' .. host, 'u', 'since', 'y')
      local banned = pace[1] and tonumber(pace[1]) > tonumber(now) and pace[1] or ''
      rows[#rows + 1] = { host, banned, pace[2] or '', pace[3] or '', whole(delay_of(host)) }
    end
  end
  return rows
end

return { waiting('aside', '-inf'), waiting('slowed', now) }
