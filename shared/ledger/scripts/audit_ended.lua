#!lua flags=allow-oom
-- ARGV: token, the run in JSON. 0: it counted as gone, and another began.
if redis.call('GET', 'auditing') ~= ARGV[1] then
  return 0
end
redis.call('DEL', 'auditing')
redis.call('SET', 'audit', ARGV[2])
return 1
