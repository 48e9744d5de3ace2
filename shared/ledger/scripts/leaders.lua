#!lua flags=no-writes
-- ARGV: page id, id of its canonical URL, and so on. Returns for each page the stored page that its canonical URL
-- stands for already, which is another; empty where none is.
local out = {}
for n = 1, #ARGV, 2 do
  local id, canonical = ARGV[n], ARGV[n + 1]
  local leader = ''
  for _, other in ipairs({ canonical, redis.call('HGET', 'canonical', canonical) or id }) do
    if leader == '' and other ~= id and redis.call('HEXISTS', 'p:' .. other, 'v') == 1 then
      leader = other
    end
  end
  out[#out + 1] = leader
end
return out
