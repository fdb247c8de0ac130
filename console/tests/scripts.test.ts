/** Editing a reply: what the form holds, what the server gets, what a version changed. */
import { expect, it } from 'vitest'
import type { ScriptFields } from '@/api/scripts'
import { draftOf, fieldsOf, isChanged } from '@/lib/scriptDraft'
import { usualReason } from '@/i18n/reasons'
import { diff } from '@/lib/textDiff'

const FIELDS: ScriptFields = {
  title: 'late', text: 'sorry', group: 'parcels', keywords: ['late', 'slow'], departments: [], language: 'en',
  valid_from: new Date(2026, 10, 1).toISOString(), valid_until: new Date(2026, 11, 1).toISOString(),
}

it('a reply survives the way through its form, and its last day counts whole', () => {
  const draft = draftOf(FIELDS)
  expect([draft.from, draft.until]).toEqual(['2026-11-01', '2026-11-30'])
  expect(fieldsOf(draft)).toEqual(FIELDS)
  expect(isChanged(draft, FIELDS)).toBe(false)
  expect(isChanged({ ...draft, text: 'very sorry' }, FIELDS)).toBe(true)
})

it('keywords are separated as people write them, each counts once', () => {
  const draft = { ...draftOf(FIELDS), keywords: ' a, b\u3001c\uff0ca ' }
  expect(fieldsOf(draft).keywords).toEqual(['a', 'b', 'c'])
})

it('a difference keeps what both share', () => {
  expect(diff('in 3 days', 'in 5 days')).toEqual([
    { kind: 'same', text: 'in ' },
    { kind: 'removed', text: '3' },
    { kind: 'added', text: '5' },
    { kind: 'same', text: ' days' },
  ])
  expect(diff('', 'new')).toEqual([{ kind: 'added', text: 'new' }])
})

it('usual reasons have words of ours, others stay', () => {
  expect(usualReason('larger than 10 MB')).toEqual({ key: 'tooLarge', params: { n: '10' } })
  expect(usualReason('Value error, unknown variables: nmae')?.params).toEqual({ names: 'nmae' })
  expect(usualReason('the moon is full')).toBeNull()
})
