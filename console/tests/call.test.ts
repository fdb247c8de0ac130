/** The pure parts of a call's page: pieces of a sentence, marks, which sentence sounds. */
import { expect, it } from 'vitest'
import type { ContactDetail, Turn } from '@/api/types'
import { cutAt, marksOf, proofsOf, ruleParts } from '@/lib/marks'
import { turnAt } from '@/lib/player'
import { maskedWindow, pieces } from '@/lib/turnText'
import { scaled } from '@/lib/wave'

function turn(part: Partial<Turn>): Turn {
  return { id: 't1', speaker: 'customer', start: 0, end: 4, text: '', words: [], masked: false, spans: [], ...part }
}

const phone = turn({
  text: '我的电话是138****5678，谢谢。',
  words: [
    { text: '我的', start: 0, end: 0.5 },
    { text: '电话', start: 0.5, end: 1 },
    { text: '是', start: 1, end: 1.2 },
    { text: '138****5678', start: 1.2, end: 3 },
    { text: '谢谢', start: 3.2, end: 3.8 },
  ],
  masked: true,
  spans: [{ start: 5, end: 16, kind: 'mobile' }],
})

it('a sentence falls into words with times, and its stars are masked pieces', () => {
  const found = pieces(phone)
  expect(found.map((piece) => piece.text).join('')).toBe(phone.text)
  expect(found.filter((piece) => piece.masked).map((piece) => piece.text)).toEqual(['****'])
  expect(found.find((piece) => piece.text === '谢谢')?.word?.start).toBe(3.2)
  expect(found.find((piece) => piece.text === '，')?.word).toBeNull()
})

it('a star outside a masked span is only a star', () => {
  expect(pieces(turn({ text: '3*4' })).some((piece) => piece.masked)).toBe(false)
})

it('the masked window is the hidden word, or the whole turn without word times', () => {
  expect(maskedWindow(phone)).toEqual({ start: 1.2, end: 3 })
  expect(maskedWindow({ ...phone, words: [] })).toEqual({ start: 0, end: 4 })
  expect(maskedWindow(turn({ text: '好' }))).toBeNull()
})

it('the sentence that sounds is the last one that has begun', () => {
  const turns = [turn({ id: 'a', start: 1 }), turn({ id: 'b', start: 3 })]
  expect(turnAt(turns, 0.5)).toBeNull()
  expect(turnAt(turns, 2)?.id).toBe('a')
  expect(turnAt(turns, 9)?.id).toBe('b')
})

it('marks are the evidence and the masked parts, in order of time', () => {
  const call = {
    transcript: { state: 'final', reason: null, turns: [phone, turn({ id: 't2', start: 6, end: 8 })] },
    ticket: {
      no: 1, type: '投诉', priority: 'high', department: null, state: 'open', reasons: [], transcribed: true,
      evidence: [{ text: '打 12315', start: 6, turn: 't2', rule: '投诉:12315' }],
    },
  } as unknown as ContactDetail
  expect(marksOf(call, 'x').map(({ kind, start, end, tone }) => [kind, start, end, tone])).toEqual([
    ['masked', 1.2, 3, 'accent'],
    ['evidence', 6, 8, 'bad'],
  ])
})

it('a rule is a type and a keyword', () => {
  expect(ruleParts('退款:到账')).toEqual({ type: '退款', keyword: '到账' })
  expect(ruleParts('12315')).toEqual({ type: '', keyword: '12315' })
})

it('both lanes are drawn by one scale', () => {
  expect(scaled({ customer: [10, 50], agent: [25, 0], per_second: 20 })).toEqual([[0.2, 1], [0.5, 0]])
})

it('several rules in one sentence are one proof', () => {
  const one = { text: '发错了，我想退货', start: 3, turn: 't1' }
  const evidence = [
    { ...one, rule: '退换货:发错了' },
    { ...one, rule: '退换货:退货' },
  ]
  const call = { ticket: { evidence } } as unknown as ContactDetail
  expect(proofsOf(call)).toEqual([{ ...one, types: ['退换货'], keywords: ['发错了', '退货'] }])
})

it('keywords are marked where they stand, whatever characters they have', () => {
  expect(cutAt('发错了，我想退货', ['退货', '发错了'])).toEqual([
    { text: '发错了', hit: true },
    { text: '，我想', hit: false },
    { text: '退货', hit: true },
  ])
  expect(cutAt('price (USD)?', ['(usd)?'])).toEqual([
    { text: 'price ', hit: false },
    { text: '(USD)?', hit: true },
  ])
})
