/** Words of ready replies: picker, editor, import. */
import type master from '../zh-Hans/replies'
import type { Shape } from '../shape'

const words: Shape<typeof master> = {}

export default words
