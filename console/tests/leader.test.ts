/** One tab leads: the next one waits, takes over, and follows when the first goes. */
import { expect, it } from 'vitest'
import { Leader } from '@/phone/leader'

/** Locks as browsers have them: one holder, a queue, and a thief. */
class FakeLocks {
  private holder: { reject: (error: unknown) => void } | null = null
  private readonly waiting: (() => void)[] = []

  request = ((_: string, options: LockOptions, work: () => Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      const run = (): void => {
        const mine = { reject }
        this.holder = mine
        void work().then(() => {
          if (this.holder !== mine) return
          this.holder = null
          resolve()
          this.waiting.shift()?.()
        })
      }
      options.signal?.addEventListener('abort', () => {
        const at = this.waiting.indexOf(run)
        if (at >= 0) this.waiting.splice(at, 1)
        reject(new DOMException('', 'AbortError'))
      })
      if (options.steal && this.holder) this.holder.reject(new DOMException('', 'AbortError'))
      if (options.steal || !this.holder) run()
      else this.waiting.push(run)
    })) as LockManager['request']
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done))

function tab(locks: FakeLocks, name: string, heard: string[]): Leader {
  const hooks = { gained: () => heard.push(`${name} leads`), lost: () => heard.push(`${name} lost`) }
  return new Leader(hooks, 'test', locks)
}

it('only the first tab leads; the second follows when the first is closed', async () => {
  const [locks, heard] = [new FakeLocks(), [] as string[]]
  const [first, second] = [tab(locks, 'a', heard), tab(locks, 'b', heard)]
  first.start()
  second.start()
  expect(heard).toEqual(['a leads'])
  first.stop()
  await settled()
  expect(heard).toEqual(['a leads', 'b leads'])
})

it('a tab takes the phone over, and the other gets it back when that one goes', async () => {
  const [locks, heard] = [new FakeLocks(), [] as string[]]
  const [first, second] = [tab(locks, 'a', heard), tab(locks, 'b', heard)]
  first.start()
  second.start()
  second.takeOver()
  await settled()
  expect(heard).toEqual(['a leads', 'b leads', 'a lost'])
  second.stop()
  await settled()
  expect(heard).toEqual(['a leads', 'b leads', 'a lost', 'a leads'])
})
