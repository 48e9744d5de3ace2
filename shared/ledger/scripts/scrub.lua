#!lua flags=allow-oom
-- ARGV: list, index, element as it was read, element to put there. Nothing where it is another by now.
if redis.call('LINDEX', ARGV[1], ARGV[2]) == ARGV[3] then
  redis.call('LSET', ARGV[1], ARGV[2], ARGV[4])
end
return 1
