#!lua
-- ARGV: pairs of a page's id and the version up to which its records were deleted from the store.
for n = 1, #ARGV, 2 do
  local version = redis.call('ZSCORE', 'expired:pending', ARGV[n])
  if version and tonumber(version) == tonumber(ARGV[n + 1]) then
    redis.call('ZREM', 'expired:pending', ARGV[n])
  end
end
