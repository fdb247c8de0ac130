/** What the platform finds for the typed words: customers, tickets, calls, replies, numbers to dial. */
import { computed, onScopeDispose, watch, type Ref } from 'vue'
import { MessageSquareText, Phone, PhoneIncoming, PhoneOutgoing, Ticket, UserRound } from '@lucide/vue'
import { useRouter } from 'vue-router'
import { listContacts } from '@/api/contacts'
import { findCustomers, type FoundCustomer } from '@/api/customers'
import { listScripts, type Script } from '@/api/scripts'
import { listWork, type WorkTicket } from '@/api/tickets'
import type { Contact } from '@/api/types'
import { useWords } from '@/i18n/words'
import { compactTime } from '@/lib/format'
import { numberIn, ticketIn, type Command } from '@/lib/palette'
import { useResource } from '@/lib/resource'
import { isTier } from '@/lib/tones'
import * as may from '@/permissions'
import { useLive } from '@/stores/live'
import { usePhone } from '@/stores/phone'
import { useSession } from '@/stores/session'
import type { Dialling } from '@/types/phone'

const TYPING_PAUSE_MS = 150
const SHOWN = 5
/** As many people are offered to be called without opening their page. */
const CALLED = 3

interface Found {
  customers: FoundCustomer[]
  tickets: WorkTicket[]
  calls: Contact[]
  replies: Script[]
}

const joined = (...parts: (string | null | undefined | false)[]): string => parts.filter(Boolean).join(' · ')

export function useFound(typed: Ref<string>) {
  const session = useSession()

  async function ask<T>(permission: string, answer: () => Promise<{ items: T[] }>): Promise<T[]> {
    return session.can(permission) ? (await answer()).items : []
  }

  const found = useResource(async (signal): Promise<Found> => {
    const query = { q: typed.value.trim(), limit: SHOWN }
    const [customers, tickets, calls, replies] = await Promise.all([
      ask(may.READ_CALLS, () => findCustomers(query, signal)),
      ask(may.READ_TICKETS, () => listWork({ ...query, q: ticketIn(query.q) || query.q }, signal)),
      ask(may.READ_CALLS, () => listContacts(query, signal)),
      ask(may.READ_SCRIPTS, () => listScripts(query, signal)),
    ])
    return { customers, tickets, calls, replies }
  })

  let timer: ReturnType<typeof setTimeout> | undefined
  watch(typed, (text) => {
    clearTimeout(timer)
    if (!text.trim()) found.data.value = found.error.value = null
    else timer = setTimeout(() => void found.reload(), TYPING_PAUSE_MS)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { commands: useRows(typed, found.data), busy: found.busy, error: found.error }
}

function useRows(typed: Ref<string>, found: Ref<Found | null>) {
  const { t, word } = useWords()
  const router = useRouter()
  const live = useLive()
  const phone = usePhone()
  const open = (path: string) => () => router.push(path)

  const customer = (one: FoundCustomer): Command => ({
    id: `customer ${one.id}`,
    group: 'customers',
    icon: UserRound,
    title: one.name,
    detail: joined(isTier(one.tier) && word('tier', one.tier), one.number_masked, one.city),
    run: open(`/customers/${one.id}`),
  })
  const ticket = (one: WorkTicket): Command => ({
    id: `ticket ${one.no}`,
    group: 'tickets',
    icon: Ticket,
    title: `#${one.no} ${one.subject || one.type || t('ticket.unclear')}`,
    detail: joined(one.customer?.name, word('ticket.states', one.state)),
    run: open(`/tickets/${one.no}`),
  })
  const call = (one: Contact): Command => ({
    id: `call ${one.id}`,
    group: 'calls',
    icon: one.direction === 'out' ? PhoneOutgoing : PhoneIncoming,
    title: one.customer?.name ?? t('calls.unknown'),
    detail: joined(compactTime(one.started_at, live.now), one.queue?.name, one.agent?.name),
    run: open(`/calls/${one.id}`),
  })
  const reply = (one: Script): Command => ({
    id: `reply ${one.id}`,
    group: 'replies',
    icon: MessageSquareText,
    title: `${one.no} ${one.title}`,
    detail: one.group,
    run: open(`/scripts/${one.id}`),
  })
  const dial = (key: string, title: string, whom: Dialling, detail = ''): Command => ({
    id: `dial ${key}`,
    group: 'dial',
    icon: Phone,
    title,
    detail,
    run: async () => {
      if (await phone.dial(whom, false)) await router.push('/desk')
    },
  })

  function dials(people: FoundCustomer[]): Command[] {
    if (!phone.can.has('dial')) return []
    const number = numberIn(typed.value)
    const known = people.filter((one) => one.number_masked).slice(0, CALLED)
    return [
      ...(number ? [dial('number', t('phone.dialNumber', { number }), { number })] : []),
      ...known.map((one) =>
        dial(one.id, t('phone.dialNumber', { number: one.name }), { customer_id: one.id }, one.number_masked ?? ''),
      ),
    ]
  }

  return computed<Command[]>(() => {
    const { customers = [], tickets = [], calls = [], replies = [] } = found.value ?? {}
    return [
      ...customers.map(customer),
      ...dials(customers),
      ...tickets.map(ticket),
      ...calls.map(call),
      ...replies.map(reply),
    ]
  })
}
