/** Words of the softphone: bar, transfer, device check, connection test. The master: other languages have the same keys. */
export default {}
