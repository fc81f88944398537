-- Keeps the outcome of a decision if what it was made on is still there; else tells what is there now.
-- KEYS[1] the key; ARGV: what was there ('none', 'text', 'huge'), its text, most bytes to be read,
-- what to do ('set', 'del', 'expire'), in milliseconds, the new text
local most = tonumber(ARGV[3])
local text = redis.call('GETRANGE', KEYS[1], 0, most)
local left = redis.call('PTTL', KEYS[1])
local there = left == -2 and 'none' or #text > most and 'huge' or 'text'
if there ~= ARGV[1] or (there == 'text' and text ~= ARGV[2]) then
  return {there, there == 'text' and text or '', left, redis.call('TIME')}
end
if ARGV[4] == 'set' then
  redis.call('SET', KEYS[1], ARGV[6], 'PX', ARGV[5])
elseif ARGV[4] == 'del' then
  redis.call('DEL', KEYS[1])
elseif left == -1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
return false
