import 'server-only';

/**
 * The globals of scripts, made once for each Lua state: called with `redis` and the libraries string, table, math and
 * debug, it returns the scripts' environment, the table behind it (where KEYS and ARGV are put) and the message handler.
 *
 * Redis runs Lua 5.1 and fengari 5.3. Scripts get only functions that both have, under the names of 5.1, so that a script
 * which works here is not refused there. As in Redis, scripts can change no global and no library, so one script
 * cannot affect the next. The handler finds the line that failed, and as in Redis `pcall`
 * gives the error of a command as its text.
 */
export const SANDBOX_SOURCE = `
local redis, strings, tables, maths, debugging = ...

local protected = {}
local function readonly(contents)
  local front = setmetatable({}, {
    __index = contents,
    __newindex = function() error('Attempt to modify a readonly table', 2) end,
    __metatable = false,
  })
  protected[front] = true
  return front
end

local function pick(library, names)
  local picked = {}
  for name in names:gmatch('%S+') do picked[name] = library[name] end
  return picked
end

local globals = pick(_ENV, [[
  assert error getmetatable ipairs next pairs rawequal rawget select setmetatable tonumber type xpcall
]])
globals.unpack = tables.unpack
local function flatten_error(ok, raised, ...)
  if not ok and type(raised) == 'table' and type(raised.err) == 'string' then return false, raised.err end
  return ok, raised, ...
end
globals.pcall = function(...) return flatten_error(pcall(...)) end
globals.rawset = function(changed, key, value)
  if protected[changed] then error('Attempt to modify a readonly table', 2) end
  return rawset(changed, key, value)
end
globals.tostring = function(value)
  local text = tostring(value)
  if maths.type(value) == 'float' then text = text:gsub('%.0$', '') end
  return text
end
globals.redis = readonly(redis)
globals.string = readonly(pick(strings, 'byte char find format gmatch gsub len lower match rep reverse sub upper'))
globals.table = readonly(pick(tables, 'concat insert remove sort'))
local math51 = pick(maths, 'abs ceil exp floor fmod huge log max min modf pi sqrt')
math51.pow = function(base, exponent) return base ^ exponent end
globals.math = readonly(math51)
getmetatable('').__metatable = false

local environment = readonly(globals)
globals._G = environment
setmetatable(globals, {
  __index = function(_, name)
    error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
  end,
})

local function on_error(raised)
  local level = 2
  local place = debugging.getinfo(level, 'Sl')
  while place and place.source ~= '@user_script' do
    level = level + 1
    place = debugging.getinfo(level, 'Sl')
  end
  if type(raised) ~= 'table' then raised = { err = 'ERR ' .. tostring(raised) } end
  if place then
    raised.source = place.source
    raised.line = tostring(place.currentline)
  end
  return raised
end

return environment, globals, on_error
`;
