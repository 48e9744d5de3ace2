#!lua flags=allow-oom
-- ARGV: crawl, now, first line, last line, reason. Ends the crawl's part in these lines' pages: a page that waits for
-- nobody else is refused, one that others wait for goes on for them, one under way for it alone ends by itself.
-- Returns how many lines were looked at.
local crawl, now, reason = ARGV[1], tonumber(ARGV[2]), ARGV[5]
local key = 'crawl:' .. crawl
if redis.call('EXISTS', key) == 0 then
  return redis.error_reply('LEDGER no crawl ' .. crawl)
end
if redis.call('HEXISTS', key, 'finished') == 1 then
  return 0
end
redis.call('HSETNX', key, 'cancelled', ARGV[2])
redis.call('HSETNX', key, 'closed', ARGV[2])
redis.call('SREM', 'crawls:paused', crawl)

local function others(text)
  local list = {}
  for _, word in ipairs(words(text)) do
    if word ~= crawl then
      list[#list + 1] = word
    end
  end
  return table.concat(list, ' ')
end

local lines = redis.call('LRANGE', key .. ':urls', ARGV[3], ARGV[4])
for _, line in ipairs(lines) do
  local page = entry(string.sub(line, 1, 20))
  if page and has_word(page.c, crawl) then
    local left = others(page.c)
    if left ~= '' then
      redis.call('HSET', 'p:' .. page.id, 'c', left)
      end_line(crawl, page, 'R', reason, nil, now)
    elseif page.s == 'w' or (page.s == 'f' and not page.l) then
      leave_queue(page)
      finish(page, 'R', reason, now)
      if page.y == REQUISITE then
        redis.call('HDEL', 'p:' .. page.id, 'f') -- it was not asked for
      end
    end
  end
end
if redis.call('HGET', key, 'live') == '0' then
  finish_crawl(crawl, now)
end
return #lines
