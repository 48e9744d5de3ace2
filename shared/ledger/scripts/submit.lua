#!lua
-- ARGV: crawl, now, lines already in (as the caller knows), then for each line:
-- page id, URL (empty: the text is none), why not, the text where it is not the URL itself, kind (empty: a page).
-- A URL of a page that is known by another one is a line for that page.
-- Returns for each line its page's id, outcome letter and reason, both empty while the page is in flight; or an error
-- word.
local crawl, now = ARGV[1], tonumber(ARGV[2])
local key = 'crawl:' .. crawl
local lines = redis.call('HMGET', key, 'n', 'found')
if not lines[1] then
  return redis.error_reply('LEDGER no crawl ' .. crawl)
end
if redis.call('HEXISTS', key, 'closed') == 1 then
  return redis.error_reply('LEDGER crawl ' .. crawl .. ' takes no more URLs')
end
-- A client that lost the reply sends the lines again: those that are in are not taken twice.
local skip = tonumber(lines[1]) - tonumber(lines[2] or 0) - tonumber(ARGV[3])
local out = {}

local function line(id, outcome, reason)
  out[#out + 1] = id
  out[#out + 1] = outcome
  out[#out + 1] = reason
end

for n = 4, #ARGV, 5 do
  local id, url, why, text, kind = ARGV[n], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3], ARGV[n + 4]
  if skip > 0 then
    skip = skip - 1
    line(id, '', '')
  else
    local page = entry(id) or { id = id }
    local other = page.d and entry(page.d)
    if other then
      text = text ~= '' and text or url
      page, id, url = other, other.id, other.u or url
    end
    local again = has_word(page.c, crawl) or has_word(page.k, crawl)
    add_line(crawl, id .. (again and '=' or text ~= '' and ' ' or '') .. text, kind)
    if again then
      end_at_once(crawl, id, kind, 'D', 'same page as an earlier line')
      line(id, 'D', 'same page as an earlier line')
    elseif url == '' then
      if not page.s then
        count('s:R', 1)
        redis.call('HSET', 'p:' .. id, 'u', string.sub(text, 1, 500), 's', 'R', 'r', why)
      end
      remember_crawl(page, crawl)
      end_at_once(crawl, id, kind, 'R', why)
      line(id, 'R', why)
    else
      local outcome, reason = take_in(page, crawl, url, kind, now)
      line(id, outcome or '', reason or '')
    end
  end
end
return out
