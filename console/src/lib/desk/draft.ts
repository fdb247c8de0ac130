/** The ticket draft as it is shown: the agent's own words over the classifier's. */
import type { Draft } from '@/types/desk'

export const DRAFT_FIELDS = ['subject', 'type', 'priority', 'department'] as const
export type DraftField = (typeof DRAFT_FIELDS)[number]
export type DraftValues = Record<DraftField, string>
export type DraftEdits = Partial<DraftValues>

/** What a person wrote stays, whatever the call brings later. */
export function shownDraft(draft: Draft | null, edits: DraftEdits): DraftValues {
  const values = {} as DraftValues
  for (const field of DRAFT_FIELDS) values[field] = edits[field] ?? draft?.[field] ?? ''
  return values
}

/** Which fields are a person's: edited here, or before a transfer or a reload. */
export function editedFields(draft: Draft | null, edits: DraftEdits): Set<DraftField> {
  return new Set(
    DRAFT_FIELDS.filter((field) => edits[field] !== undefined || draft?.edited.includes(field)),
  )
}

/** The edits that the server does not have yet. */
export function unsaved(draft: Draft | null, edits: DraftEdits): DraftEdits {
  const left: DraftEdits = {}
  for (const field of DRAFT_FIELDS) {
    const mine = edits[field]
    if (mine !== undefined && mine !== (draft?.[field] ?? '')) left[field] = mine
  }
  return left
}
