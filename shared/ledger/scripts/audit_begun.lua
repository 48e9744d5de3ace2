#!lua flags=allow-oom
-- ARGV: token, milliseconds for which it counts as running without a sign, the run in JSON. 0: another runs.
-- In a full Redis too: that is when somebody wants to know how it stands.
local running = redis.call('GET', 'auditing')
if running then
  return running == ARGV[1] and 1 or 0
end
redis.call('SET', 'auditing', ARGV[1], 'PX', ARGV[2])
redis.call('SET', 'audit', ARGV[3])
return 1
