/** Editing a ticket: only what was changed is sent, and a colleague's change loses nothing. */
import type { TicketPatch, WorkTicket } from '@/api/tickets'

export const EDITABLE = ['subject', 'type', 'priority', 'department', 'assignee', 'state'] as const
export type Field = (typeof EDITABLE)[number]
export type Edits = Partial<Record<Field, string>>

/** A field's value as the form shows it; empty means none. */
export function valueOf(ticket: WorkTicket, field: Field): string {
  if (field === 'assignee') return ticket.assignee?.login ?? ''
  return ticket[field] ?? ''
}

/** The edits that differ from the ticket as it is. */
export function realEdits(ticket: WorkTicket, edits: Edits): Edits {
  const changed = EDITABLE.filter((field) => {
    const typed = edits[field]
    return typed !== undefined && typed !== valueOf(ticket, field)
  })
  return Object.fromEntries(changed.map((field) => [field, edits[field]]))
}

const NULLABLE = new Set<Field>(['type', 'department', 'assignee'])

export function patchOf(edits: Edits): TicketPatch {
  const parts = Object.entries(edits).map(([field, value]) => [
    field,
    value === '' && NULLABLE.has(field as Field) ? null : value,
  ])
  return Object.fromEntries(parts) as TicketPatch
}

/** A field that both changed: what a colleague made of it, what was typed here. */
export interface Clash {
  field: Field
  theirs: string
  mine: string
}

export function clashes(before: WorkTicket, now: WorkTicket, edits: Edits): Clash[] {
  return EDITABLE.filter((field) => valueOf(before, field) !== valueOf(now, field))
    .filter((field) => edits[field] !== undefined && edits[field] !== valueOf(now, field))
    .map((field) => ({ field, theirs: valueOf(now, field), mine: edits[field] ?? '' }))
}
