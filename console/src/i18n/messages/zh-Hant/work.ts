/** Words of work lists: tickets, missed calls, customers, the day. */
import type master from '../zh-Hans/work'
import type { Shape } from '../shape'

const words: Shape<typeof master> = {}

export default words
