import 'server-only';
import type { Part } from './room';

/**
 * Ten minutes more, as somebody has proposed them: `extensionBy`, `extensionAgreed` (ids with commas between them, the proposer's first)
 * and `extensionUntil`, when the proposal lapses. One that has lapsed counts for nothing, and stays until another takes its place.
 */
export const EXTENSION: Part = {
  lua: `
local function standing_proposal()
  local kept = redis.call('HMGET', ROOM, 'extensionBy', 'extensionAgreed', 'extensionUntil')
  if not kept[3] or NOW >= tonumber(kept[3]) then return nil end
  local proposal = {by = kept[1], until_then = kept[3], agreed = {}, has_agreed = {}}
  for id in string.gmatch(kept[2], '%w+') do
    proposal.agreed[#proposal.agreed + 1] = id
    proposal.has_agreed[id] = true
  end
  return proposal
end
local function keep_proposal(proposal)
  write('HSET', ROOM, 'extensionBy', proposal.by, 'extensionAgreed', table.concat(proposal.agreed, ','),
    'extensionUntil', proposal.until_then)
end
local function drop_proposal() redis.call('HDEL', ROOM, 'extensionBy', 'extensionAgreed', 'extensionUntil') end

-- A member who agreed goes on having agreed under another id.
local function move_agreement(from, to)
  local proposal = standing_proposal()
  if not proposal or not proposal.has_agreed[from] then return end
  if proposal.by == from then proposal.by = to end
  for index, id in ipairs(proposal.agreed) do
    if id == from then proposal.agreed[index] = to end
  end
  keep_proposal(proposal)
end
`,
};
