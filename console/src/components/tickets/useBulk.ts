/** One action on several tickets, and its way back. */
import { ref, shallowRef } from 'vue'
import { changeTicket, type TicketPatch, type WorkTicket } from '@/api/tickets'

/** What was done to how many, what failed, and the tickets as they were. */
export interface Done {
  what: 'solve' | 'assign' | 'undone'
  count: number
  failed: { no: string; error: unknown }[]
  before: WorkTicket[]
}

/** A solved ticket is opened again before it can wait again. */
function back(ticket: WorkTicket): TicketPatch[] {
  const before: TicketPatch = { state: ticket.state, assignee: ticket.assignee?.login ?? null }
  return ticket.state === 'pending' ? [{ state: 'open' }, before] : [before]
}

async function inTurn(no: string, version: number, patches: TicketPatch[]): Promise<number> {
  let now = version
  for (const patch of patches) now = (await changeTicket(no, now, patch)).version
  return now
}

export function useBulk(changed: () => Promise<void>) {
  const busy = ref(false)
  const done = shallowRef<Done | null>(null)
  let versions = new Map<string, number>()

  async function each(
    what: Done['what'],
    tickets: WorkTicket[],
    patches: (ticket: WorkTicket) => TicketPatch[],
  ): Promise<void> {
    if (busy.value) return
    busy.value = true
    done.value = null
    const failed: Done['failed'] = []
    const changedTo = new Map<string, number>()
    for (const ticket of tickets) {
      const no = String(ticket.no)
      try {
        changedTo.set(no, await inTurn(no, versions.get(no) ?? ticket.version, patches(ticket)))
      } catch (error) {
        failed.push({ no, error })
      }
    }
    const before = tickets.filter((ticket) => changedTo.has(String(ticket.no)))
    done.value = { what, count: before.length, failed, before }
    versions = changedTo
    busy.value = false
    await changed()
  }

  function start(what: 'solve' | 'assign', tickets: WorkTicket[], patch: TicketPatch): Promise<void> {
    versions = new Map()
    return each(what, tickets, () => [patch])
  }

  /** Put the state and the person back as they were, unless somebody went on from there. */
  const undo = (): Promise<void> => each('undone', done.value?.before ?? [], back)

  return { busy, done, start, undo }
}
