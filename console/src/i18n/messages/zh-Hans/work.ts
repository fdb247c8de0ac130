/** Words of work lists: tickets, missed calls, customers, the day. The master: other languages have the same keys. */
export default {}
