/** Words of ready replies: picker, editor, import. The master: other languages have the same keys. */
export default {}
