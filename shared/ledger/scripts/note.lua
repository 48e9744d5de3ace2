#!lua flags=allow-oom
-- ARGV: key, text (empty: none any more), until. A full Redis must be able to say so.
if ARGV[2] == '' then
  redis.call('HDEL', 'notes', ARGV[1])
else
  redis.call('HSET', 'notes', ARGV[1], ARGV[3] .. ' ' .. ARGV[2])
end
return 1
