#!lua flags=allow-oom
-- ARGV: token, now, reason, cause, shared (1 or 0), max attempts, place.
-- Returns {stage, id} of what is to be published.
local token, now = ARGV[1], tonumber(ARGV[2])
local ids = redis.call('SMEMBERS', 'held:' .. token)
local out = {}
for _, id in ipairs(ids) do
  local page = entry(id)
  local stage = page and STAGE_OF[page.s]
  if stage and page.l == token then
    local alone = ARGV[5] == '0' and page.o ~= nil -- the last one left of a batch was not alone
    local to = died(page, stage, alone, ARGV[3], ARGV[4], tonumber(ARGV[6]), ARGV[7], now)
    if to then
      out[#out + 1] = { to, id }
    end
  else
    redis.call('SREM', 'held:' .. token, id)
  end
end
return out
