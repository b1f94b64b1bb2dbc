/** Bytes that the wire gives a meaning to. */
export const BYTE = {
  tab: 0x09,
  lf: 0x0a,
  cr: 0x0d,
  space: 0x20,
  slash: 0x2f,
  colon: 0x3a,
  question: 0x3f,
} as const

const TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~"

/** Lower-case form of a `tchar` (RFC 9110 §5.6.2), 0 for every byte that may not stand in a token. */
export const TOKEN: Uint8Array = tableOf((byte) => {
  const character = String.fromCharCode(byte)
  return /[0-9A-Za-z]/.test(character) || TOKEN_PUNCTUATION.includes(character)
    ? character.toLowerCase().charCodeAt(0)
    : 0
})

/** 1 for what may stand in a field value (RFC 9110 §5.5): visible ASCII, space, tab and obs-text. */
export const FIELD_VALUE: Uint8Array = tableOf((byte) => (byte === BYTE.tab || (byte >= 0x20 && byte !== 0x7f) ? 1 : 0))

/** 1 for what may stand in a request target: visible ASCII without a fragment sign and without a backslash. */
export const TARGET: Uint8Array = tableOf((byte) =>
  byte > 0x20 && byte < 0x7f && byte !== 0x23 && byte !== 0x5c ? 1 : 0,
)

const NOT_HEX = 255

/** Value of a hexadecimal digit, above 15 for every other byte. */
export const HEX: Uint8Array = tableOf((byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase())
  return digit < 0 ? NOT_HEX : digit
})

function tableOf(byteFor: (byte: number) => number): Uint8Array {
  const table = new Uint8Array(256)
  for (let byte = 0; byte < 256; byte++) table[byte] = byteFor(byte)
  return table
}
