/** Names of a ticket's fields and their values, as its history and its conflicts tell them. */
import type { Change } from '@/api/tickets'
import { useWords } from '@/i18n/words'
import { useFloor } from '@/stores/floor'

export function useTicketWords() {
  const { t, te, word } = useWords()
  const floor = useFloor()

  const fieldWord = (field: string): string => word('work.field', field)

  function valueWord(field: string, value: string | null): string {
    if (!value) return t('work.ticket.notSet')
    if (field === 'priority') return word('ticket.priorities', value)
    if (field === 'state') return word('ticket.states', value)
    if (field !== 'assignee') return value
    return floor.agents?.find((agent) => agent.login === value)?.name ?? value
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
