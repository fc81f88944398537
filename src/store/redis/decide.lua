-- Keeps the outcome of a decision if what it was made on is still there; else tells what is there.
-- KEYS[1] the key; ARGV: whether there was something ('none', 'text'), its text, most bytes to be read,
-- what to do ('set', 'replace', 'expire', 'del'), in milliseconds, the text to be kept
local text = redis.call('GETRANGE', KEYS[1], 0, ARGV[3])
if #text > tonumber(ARGV[3]) then
  -- What is too large to be read in is as good as a text that makes no sense.
  text = ''
end
local left = redis.call('PTTL', KEYS[1])
if (left == -2 and 'none' or 'text') ~= ARGV[1] or text ~= ARGV[2] then
  return {left, text, redis.call('TIME')}
end
if ARGV[4] == 'del' then
  redis.call('DEL', KEYS[1])
  return false
end
-- A full Redis refuses SET as a script's first write only: after one that needs no memory it takes it.
if ARGV[4] ~= 'set' then
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
if ARGV[4] ~= 'expire' then
  redis.call('SET', KEYS[1], ARGV[6], 'PX', ARGV[5])
end
return false
