/** Words of the agent's desk. */
import type master from '../zh-Hans/desk'
import type { Shape } from '../shape'

const words: Shape<typeof master> = {}

export default words
