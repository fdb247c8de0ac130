/** Names of a ticket's fields and their values, as its history and its conflicts tell them. */
import type { Change, TicketFields } from '@/api/tickets'
import { useWords } from '@/i18n/words'
import { useFloor } from '@/stores/floor'

export function useTicketWords(fields: () => TicketFields | null) {
  const { t, te, word } = useWords()
  const floor = useFloor()

  const fieldWord = (field: string): string => word('work.field', field)

  const nameOf = (login: string): string =>
    [...(fields()?.assignees ?? []), ...(floor.agents ?? [])].find((one) => one.login === login)?.name ?? login

  function valueWord(field: string, value: string | null): string {
    if (!value) return t(field === 'assignee' ? 'work.ticket.nobody' : 'work.ticket.notSet')
    if (field === 'priority') return word('ticket.priorities', value)
    if (field === 'state') return word('ticket.states', value)
    return field === 'assignee' ? nameOf(value) : value
  }

  function changeWords(change: Change): string {
    if (te(`work.history.${change.what}`)) return t(`work.history.${change.what}`)
    return t('work.history.changed', {
      field: fieldWord(change.what),
      from: valueWord(change.what, change.from),
      to: valueWord(change.what, change.to),
    })
  }

  return { fieldWord, valueWord, changeWords }
}
