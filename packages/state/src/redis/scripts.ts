import { createHash } from 'node:crypto'
import { CELLS_PER_WINDOW } from '../limit/sliding-window.ts'
import { LEVEL_TOLERANCE } from '../limit/token-bucket.ts'

/** A Lua script with the digest that Redis knows it by. */
export interface RedisScript {
  readonly source: string
  readonly sha1: string
}

const script = (source: string): RedisScript => ({
  source,
  sha1: createHash('sha1').update(source).digest('hex'),
})

// The last argument of a script that needs the time; empty: the time of the server, so that all gateways agree.
const NOW = `
local function now_of(argument)
  if argument ~= '' then return tonumber(argument) end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local function exact(number) return string.format('%.17g', number) end
`

/** KEYS limit; ARGV limit, windowMs, cost, now. A hash of cell to units; the arithmetic of `SlidingWindow`. */
export const TAKE_FROM_WINDOW = script(`${NOW}
local limit, window, cost, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), now_of(ARGV[4])
local CELLS = ${CELLS_PER_WINDOW}
local cell = math.floor(now * CELLS / window)
local function leaves_at(c) return math.ceil((c + CELLS + 1) * window / CELLS) end

local flat = redis.call('HGETALL', KEYS[1])
local newest
for i = 1, #flat, 2 do
  local c = tonumber(flat[i])
  if not newest or c > newest then newest = c end
end
if newest and cell < newest then
  if newest - cell > CELLS then
    redis.call('DEL', KEYS[1])
    flat, newest = {}, nil
  else
    cell = newest
  end
end

local taken, kept, stale = 0, {}, {}
for i = 1, #flat, 2 do
  local c = tonumber(flat[i])
  if c < cell - CELLS then
    stale[#stale + 1] = flat[i]
  else
    kept[#kept + 1] = { c, tonumber(flat[i + 1]) }
    taken = taken + tonumber(flat[i + 1])
  end
end
if #stale > 0 then redis.call('HDEL', KEYS[1], unpack(stale)) end

local allowed = taken + cost <= limit
if allowed and cost > 0 then
  local last = kept[#kept]
  local found = false
  for i = 1, #kept do
    if kept[i][1] == cell then
      kept[i][2] = kept[i][2] + cost
      last, found = kept[i], true
    end
  end
  if not found then
    last = { cell, cost }
    kept[#kept + 1] = last
  end
  taken = taken + cost
  newest = cell
  redis.call('HSET', KEYS[1], string.format('%.0f', cell), exact(last[2]))
  redis.call('PEXPIRE', KEYS[1], math.ceil(window * (CELLS + 1) / CELLS) + 1000)
end

local remaining = math.max(0, math.floor(limit - taken))
local retry = 0
if remaining == 0 then
  retry = window
  table.sort(kept, function(a, b) return a[1] < b[1] end)
  local free = limit - taken
  for i = 1, #kept do
    free = free + kept[i][2]
    if free >= 1 then
      retry = leaves_at(kept[i][1]) - now
      break
    end
  end
end
local reset = 0
if taken > 0 then reset = leaves_at(newest) - now end
return { allowed and 1 or 0, remaining, retry, reset }
`)

/** KEYS bucket; ARGV capacity, refillPerSecond, cost, now. The arithmetic of `TokenBucket`. */
export const TAKE_FROM_BUCKET = script(`${NOW}
local capacity, refill, cost, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), now_of(ARGV[4])
local TOLERANCE = ${LEVEL_TOLERANCE}
local function until_ms(units)
  if units <= TOLERANCE then return 0 end
  return math.ceil((units - TOLERANCE) * 1000 / refill)
end

local stored = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = tonumber(stored[1] or capacity)
local at = tonumber(stored[2] or now)
local refilled = (now - at) * refill / 1000
if refilled < -capacity then
  level = capacity
else
  level = math.min(capacity, level + math.max(0, refilled))
  if at > now then now = at end
end

local allowed = level + TOLERANCE >= cost
if allowed and cost > 0 then
  level = level - cost
  redis.call('HSET', KEYS[1], 'level', exact(level), 'at', string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], until_ms(capacity - level) + 1000)
end
local remaining = math.max(0, math.floor(level + TOLERANCE))
local retry = 0
if remaining == 0 then retry = until_ms(1 - level) end
return { allowed and 1 or 0, remaining, retry, until_ms(capacity - level) }
`)

/** KEYS places; ARGV limit, ttlMs, id, now. A sorted set of ids by their end. */
export const HOLD_PLACE = script(`${NOW}
local limit, ttl, now = tonumber(ARGV[1]), tonumber(ARGV[2]), now_of(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= limit then return 0 end
redis.call('ZADD', KEYS[1], now + ttl, ARGV[3])
if redis.call('PTTL', KEYS[1]) < ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
return 1
`)

/** KEYS places; ARGV ttlMs, id, now. Moves the end of a place that is still held. */
export const EXTEND_PLACE = script(`${NOW}
local ttl, now = tonumber(ARGV[1]), now_of(ARGV[3])
local ends = redis.call('ZSCORE', KEYS[1], ARGV[2])
if not ends or tonumber(ends) <= now then return 0 end
redis.call('ZADD', KEYS[1], now + ttl, ARGV[2])
if redis.call('PTTL', KEYS[1]) < ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
return 1
`)

/** KEYS counter; ARGV amount, ttlMs. Only the first use sets the end. */
export const ADD_TO_COUNTER = script(`
local total = redis.call('INCRBYFLOAT', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return total
`)
