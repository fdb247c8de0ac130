/** The opened row of a long table is scrolled into sight when it was opened from elsewhere. */
import { nextTick, watch, type ShallowRef } from 'vue'

export function useInSight(table: Readonly<ShallowRef<HTMLElement | null>>, open: () => unknown, rows: () => unknown): void {
  watch(
    [open, () => !!rows()],
    async () => {
      await nextTick()
      table.value?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' })
    },
    { immediate: true },
  )
}
