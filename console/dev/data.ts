/** Invented calls for `npm run mock`; the product itself ships no data. */
import type { Agent, Contact, ContactDetail, Queue, Ticket, Turn } from '../src/api/types'

const MINUTE = 60_000
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString()
const pick = <T>(list: T[], index: number): T => list[index % list.length] as T

const CUSTOMERS = [
  { id: 'c1', name: '王建国', tier: 'diamond' },
  { id: 'c2', name: '陈思雨', tier: 'normal' },
  { id: 'c3', name: '赵明', tier: 'gold' },
  { id: 'c4', name: '林芳', tier: 'normal' },
  null,
]
const QUEUES = [
  { key: 'aftersales', name: '售后专线' },
  { key: 'orders', name: '订单物流' },
  { key: 'members', name: '会员专席' },
]
const PEOPLE = [
  { login: 'linxiao', name: '林晓' },
  { login: 'liqian', name: '李倩' },
  { login: 'zhouhang', name: '周航' },
  { login: 'gaoyuan', name: '高远' },
]
const TICKETS = [
  { type: '退款', priority: 'high' },
  { type: '物流', priority: 'normal' },
  { type: '投诉', priority: 'high' },
  { type: '维修', priority: 'low' },
]
const ENDS = ['completed', 'completed', 'completed', 'abandoned_queue', 'abandoned_ivr', 'queue_timeout', 'failed']
const LIVE_STATES = ['talking', 'waiting', 'ringing', 'ivr', 'talking'] as const

export function contact(index: number): Contact {
  const running = index < LIVE_STATES.length
  const state = running ? pick([...LIVE_STATES], index) : 'ended'
  const end = running ? null : pick(ENDS, index * 3)
  const answered = state === 'talking' || end === 'completed'
  const started = running ? 1 + index * 0.6 : 6 + index * 23
  const talk = answered ? 95 + ((index * 37) % 300) : null
  return {
    id: `call-${index}`,
    started_at: ago(started),
    ended_at: running ? null : ago(started - 2 - (talk ?? 30) / 60),
    state,
    end_reason: end,
    direction: 'in',
    number_kind: 'mobile',
    from_number_masked: index % 9 === 4 ? null : `138****${5678 + index}`,
    to_number: '02160608700',
    customer: pick(CUSTOMERS, index),
    queue: state === 'ivr' || end === 'abandoned_ivr' ? null : pick(QUEUES, index),
    agent: answered || state === 'ringing' ? pick(PEOPLE, index) : null,
    wait_s: state === 'ivr' ? null : 4 + ((index * 13) % 60),
    talk_s: talk,
    ticket: end === 'completed' && index % 4 ? { no: 20450 - index, ...pick(TICKETS, index) } : null,
    finished: !running,
  }
}

export const contacts = (): Contact[] => Array.from({ length: 130 }, (_, index) => contact(index))

const LINES: [Turn['speaker'], number, string][] = [
  ['customer', 4, '你好，我上周三下的那台净化器到现在还没送到，物流一直停在嘉定分拨中心。'],
  ['agent', 12, '王先生您好，很抱歉让您久等了。我这边看到订单包裹上周到嘉定后没有更新，我马上帮您催。'],
  ['customer', 27, '你们上次也说马上催，催了三天了。再不行我就要退款了，我都准备打 12315 了。'],
  ['agent', 41, '非常理解您的心情。我现在给您两个方案：一是今天内由仓库重新发货；二是直接原路退款。'],
  ['customer', 66, '那就退款吧。'],
  ['agent', 72, '好的，我核对一下您的联系电话，请稍等。'],
  ['customer', 80, '电话是 ███████5678。'],
  ['agent', 88, '好的，已为您安排退款，感谢来电，再见。'],
]

function turn([speaker, start, text]: (typeof LINES)[number], index: number): Turn {
  const letters = [...text]
  const step = 0.16
  const from = text.indexOf('█')
  return {
    id: `t${index}`,
    speaker,
    start,
    end: start + letters.length * step,
    text,
    words: letters.map((letter, at) => ({
      text: letter,
      start: start + at * step,
      end: start + (at + 1) * step,
    })),
    masked: from >= 0,
    spans: from >= 0 ? [{ start: from, end: from + 7, kind: 'phone' }] : [],
  }
}

export function detail(id: string): ContactDetail | null {
  const row = contacts().find((one) => one.id === id)
  if (!row) return null
  const talked = row.talk_s !== null
  const at = (second: number): string => new Date(Date.parse(row.started_at) + second * 1000).toISOString()
  const event = (name: string, second: number, body = {}): ContactDetail['events'][number] => ({
    id: `${name}-${second}`,
    name,
    at: at(second),
    subjects: {},
    body,
  })
  return {
    ...row,
    events: [
      event('call.started', 0),
      event('menu.entered', 3, { menu: 'main' }),
      event('menu.answered', 6, { key: '2' }),
      event('call.queued', 9, { queue: row.queue?.key }),
      ...(talked
        ? [event('offer.made', 14, { login: row.agent?.login, ring_s: 15 }), event('call.connected', 18, { login: row.agent?.login })]
        : []),
      event('recording.started', 18),
      ...(row.finished ? [event('call.ended', 128, { reason: row.end_reason }), event('some.new_thing', 130)] : []),
    ],
    segments: talked ? [{ agent: row.agent?.login ?? null, start_s: 0, end_s: 100 }] : [],
    recording: talked
      ? { state: row.finished ? 'saved' : 'recording', seconds: 100, channels: 2, url: row.finished ? `/api/v1/contacts/${id}/recording` : null, peaks: null, reason: '', started_at: at(18), masked: true }
      : null,
    transcript: talked
      ? { state: row.finished ? 'final' : 'live', reason: null, turns: LINES.map(turn) }
      : { state: 'none', reason: 'no_recording', turns: [] },
    ticket: row.ticket
      ? {
          ...row.ticket,
          department: '售后二线',
          state: 'open',
          reasons: [],
          transcribed: true,
          evidence: [
            { text: '再不行我就要退款了，我都准备打 12315 了。', start: 27, turn: 't2', rule: '投诉:12315' },
            { text: '那就退款吧。', start: 66, turn: 't4', rule: '退款:退款' },
          ],
        }
      : null,
    card: {
      number: '138****5678',
      customer: row.customer ? { ...row.customer, city: '上海' } : null,
      matches: [],
      orders: [
        { no: '8812', item: '空气净化器', amount: 1899, status: 'shipped', placed_at: ago(9000) },
        { no: '9034', item: '滤芯', amount: 238, status: 'paid', placed_at: ago(3000) },
      ],
      last_contacts: [
        { id: 'call-12', started_at: ago(2000), queue: 'orders', end_reason: 'completed' },
      ],
      open_tickets: [
        { no: 20418, type: '物流', priority: 'high', department: '物流', created_at: ago(4000) },
      ],
      as_of: ago(0),
    },
  }
}

export const agents = (): Agent[] =>
  ['talking', 'ready', 'wrap', 'break', 'ringing', 'hold', 'offline'].map((state, index) => ({
    login: index === 1 ? 'admin' : (PEOPLE[index]?.login ?? `agent${index}`),
    name: pick(['林晓', '李倩', '周航', '高远', '白露', '江北', '顾盼'], index),
    department: pick(['售后一线', '物流', '会员'], index),
    state,
    reason: state === 'break' ? 'meal' : null,
    since: ago(1 + index * 2.3),
    reachable: index !== 3,
    contact_id: index === 0 ? 'call-0' : null,
    skills: { aftersales: 3 },
  }))

export const queues = (): Queue[] => [
  { ...pick(QUEUES, 0), waiting: 2, longest_wait_s: 48, agents_ready: 1 },
  { ...pick(QUEUES, 1), waiting: 1, longest_wait_s: 21, agents_ready: 2 },
  { ...pick(QUEUES, 2), waiting: 0, longest_wait_s: null, agents_ready: 2 },
]

export const tickets = (): Ticket[] =>
  contacts().flatMap((one) =>
    one.ticket
      ? [{ ...one.ticket, department: '售后二线', state: 'open', transcribed: true, reasons: [], evidence: [], created_at: one.ended_at ?? one.started_at, contact_id: one.id }]
      : [],
  )
