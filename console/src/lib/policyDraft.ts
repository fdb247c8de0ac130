/** A draft of the routing policy: a copy of the one in force, and what is different in it. */
import type { Policy } from '@/api/routing'

export interface Change {
  field: string
  from: string
  to: string
}

const TIERS = ['diamond', 'vip', 'platinum', 'gold', 'silver', 'normal']

export const copyOf = (policy: Policy): Policy => JSON.parse(JSON.stringify(policy)) as Policy

/** Every tier that has a value and the usual ones, the most valuable first. */
export function tiersOf(policy: Policy, draft: Policy): string[] {
  const named = [...new Set([...Object.keys(policy.tier_value), ...Object.keys(draft.tier_value)])]
  const order = (tier: string): number => (TIERS.includes(tier) ? TIERS.indexOf(tier) : TIERS.length)
  return named.sort((a, b) => order(a) - order(b) || a.localeCompare(b))
}

function flat(value: unknown, path: string, into: Map<string, string>): void {
  if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) flat(inner, path ? `${path}.${key}` : key, into)
  } else {
    into.set(path, value === null || value === undefined ? '' : JSON.stringify(value))
  }
}

/** What a draft changes, field by field, in the order of the policy. */
export function changes(policy: Policy, draft: Policy): Change[] {
  const before = new Map<string, string>()
  const after = new Map<string, string>()
  flat(policy, '', before)
  flat(draft, '', after)
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((field) => ({ field, from: before.get(field) ?? '', to: after.get(field) ?? '' }))
    .filter(({ from, to }) => from !== to)
}

/** The first field that is no number above 0 (0 where it may be), or null. */
export function firstGap(draft: Policy): string | null {
  const weights = Object.entries({ ...draft.tier_value }).map(([key, value]) => [`tier_value.${key}`, value] as const)
  const issues = Object.entries({ ...draft.type_value }).map(([key, value]) => [`type_value.${key}`, value] as const)
  const bad = [...weights, ...issues].find(([, value]) => !(typeof value === 'number' && value > 0))
  if (bad) return bad[0]
  const seconds = [
    ['guarantee_s', draft.guarantee_s, 1],
    ['own_first_s', draft.own_first_s, 0],
    ['sticky_s', draft.sticky_s, 0],
    ['gate.share', draft.gate.share, 0],
    ['gate.after_s', draft.gate.after_s, 0],
  ] as const
  return seconds.find(([, value, least]) => !(typeof value === 'number' && value >= least))?.[0] ?? null
}
