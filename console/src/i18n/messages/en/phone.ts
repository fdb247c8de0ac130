/** Words of the softphone: bar, transfer, device check, connection test. */
import type master from '../zh-Hans/phone'
import type { Shape } from '../shape'

const words: Shape<typeof master> = {}

export default words
