#!lua flags=allow-oom
-- ARGV: token, now. Gives back the leases of a task that is known not to be to blame: no attempt, no flag.
-- Returns {stage, id} of what is to be published.
local out = {}
for _, id in ipairs(redis.call('SMEMBERS', 'held:' .. ARGV[1])) do
  local page = entry(id)
  local stage = page and STAGE_OF[page.s]
  if stage and page.l == ARGV[1] then
    leave_lease(page, stage)
    make_ready(page, stage, tonumber(ARGV[2]))
    out[#out + 1] = { stage, id }
  else
    redis.call('SREM', 'held:' .. ARGV[1], id)
  end
end
return out
