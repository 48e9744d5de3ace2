#!lua flags=allow-oom
-- ARGV: milliseconds. Forgets the supervisors that gave no sign since then; returns the lease tokens of their workers.
local dead, any = {}, false
for _, name in ipairs(redis.call('ZRANGEBYSCORE', 'workers', '-inf', ARGV[1])) do
  dead[name], any = true, true
  redis.call('ZREM', 'workers', name)
end
local tokens, seen = {}, {}
if any then
  for stage in pairs(STATE_OF) do
    for _, id in ipairs(redis.call('ZRANGE', 'lease:' .. stage, 0, -1)) do
      local token = redis.call('HGET', 'p:' .. id, 'l')
      if token and not seen[token] and dead[string.match(token, '^[^.]*')] then
        seen[token] = true
        tokens[#tokens + 1] = token
      end
    end
  end
end
return tokens
