#!lua flags=allow-oom
-- ARGV: token, now, reason, cause, shared (1 or 0), max attempts, place, stages that take several pages…
-- Returns {stage, id} of what is to be published.
local token, now = ARGV[1], tonumber(ARGV[2])
local ids = redis.call('SMEMBERS', 'held:' .. token)
local batching = {}
for n = 8, #ARGV do
  batching[ARGV[n]] = true
end
local out = {}
for _, id in ipairs(ids) do
  local page = entry(id)
  local stage = page and STAGE_OF[page.s]
  if stage and page.l == token then
    -- The last page of a batch whose others have ended was not alone, unless it was flagged so.
    local alone = #ids == 1 and ARGV[5] == '0' and (page.b ~= nil or not batching[stage])
    if died(page, stage, alone, ARGV[3], ARGV[4], tonumber(ARGV[6]), ARGV[7], now) then
      out[#out + 1] = { stage, id }
    end
  else
    redis.call('SREM', 'held:' .. token, id)
  end
end
return out
