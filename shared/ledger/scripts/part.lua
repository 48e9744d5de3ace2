#!lua
-- ARGV: id, token, now, the part as it came (empty: it cannot be had), what it tells of the host. A part of a page's
-- discussion was asked for. Refused in a full Redis, as it adds to it.
local page = held(ARGV[1], ARGV[2], 'fetch', ARGV[5])
if not page or not next_part(page) then
  return {}
end
local now = tonumber(ARGV[3])
leave_lease(page, 'fetch')
end_turn(page, now)
return { end_part(page, ARGV[4], now), '', '' }
