#!lua flags=allow-oom
-- ARGV: crawl. A finished crawl of watched pages is dropped; its numbers go on in crawls:past. Returns 1, or 0 where
-- it has not finished or is none.
local key = 'crawl:' .. ARGV[1]
if redis.call('HEXISTS', key, 'finished') == 0 or redis.call('HEXISTS', key, 'watch') == 0 then
  return 0
end
for _, field in ipairs({ 'n', 'o:I', 'o:U', 'o:S', 'o:D', 'o:R', 'o:Q' }) do
  local number = redis.call('HGET', key, field)
  if number and number ~= '0' then
    redis.call('HINCRBY', 'crawls:past', field, number)
  end
end
redis.call('ZREM', 'crawls', ARGV[1])
redis.call('ZREM', 'crawls:watch', ARGV[1])
redis.call('UNLINK', key, key .. ':urls', key .. ':ended')
return 1
