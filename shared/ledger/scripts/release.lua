#!lua flags=allow-oom
-- ARGV: token, now. Gives back the leases of a task that is known not to be to blame: no attempt, no flag. Pages that were
-- being fetched wait for their host's next turn. Returns {stage, id} of what is to be published.
local now = tonumber(ARGV[2])
local out = {}
for _, id in ipairs(redis.call('SMEMBERS', 'held:' .. ARGV[1])) do
  local page = entry(id)
  local stage = page and STAGE_OF[page.s]
  if stage and page.l == ARGV[1] then
    leave_lease(page, stage)
    if stage == 'fetch' then
      back_to_host(page, FIRST, now)
    else
      make_ready(page, stage, now)
      out[#out + 1] = { stage, id }
    end
  else
    redis.call('SREM', 'held:' .. ARGV[1], id)
  end
end
return out
