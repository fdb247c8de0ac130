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

const back = (ticket: WorkTicket): TicketPatch => ({
  state: ticket.state,
  assignee: ticket.assignee?.login ?? null,
})

export function useBulk(changed: () => Promise<void>) {
  const busy = ref(false)
  const done = shallowRef<Done | null>(null)
  let versions = new Map<string, number>()

  async function each(
    what: Done['what'],
    tickets: WorkTicket[],
    patch: (ticket: WorkTicket) => TicketPatch,
  ): Promise<void> {
    if (busy.value) return
    busy.value = true
    done.value = null
    const failed: Done['failed'] = []
    const changedTo = new Map<string, number>()
    for (const ticket of tickets) {
      const no = String(ticket.no)
      try {
        const now = await changeTicket(no, versions.get(no) ?? ticket.version, patch(ticket))
        changedTo.set(no, now.version)
      } catch (error) {
        failed.push({ no, error })
      }
    }
    versions = changedTo
    const before = tickets.filter((ticket) => changedTo.has(String(ticket.no)))
    done.value = { what, count: before.length, failed, before }
    busy.value = false
    await changed()
    versions = what === 'undone' ? new Map() : changedTo
  }

  function start(what: 'solve' | 'assign', tickets: WorkTicket[], patch: TicketPatch): Promise<void> {
    versions = new Map()
    return each(what, tickets, () => patch)
  }

  /** Put the state and the person back as they were, unless somebody went on from there. */
  const undo = (): Promise<void> => each('undone', done.value?.before ?? [], back)

  return { busy, done, start, undo }
}
