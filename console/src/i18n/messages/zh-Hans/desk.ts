/** Words of the agent's desk. The master: other languages have the same keys. */
export default {}
