import { type FieldFault, GatewayError } from '@konnect/contract'
import { hash, verify } from '@node-rs/argon2'

/** Argon2id, 19 MiB, two passes, one lane (OWASP's first choice). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const MIN_LENGTH = 10
const MAX_LENGTH = 1024

/** Long enough for the length rule, and still among the first that anyone tries. */
const COMMONEST: ReadonlySet<string> = new Set(
  `1234567890 12345678910 123456789a 0123456789 0987654321 9876543210 1234512345 1q2w3e4r5t 1q2w3e4r5t6y qwertyuiop
  qwerty12345 qwerty123456 qwerty1234 qwertyqwerty password12 password123 password1234 password12345 password123456
  passw0rd123 p@ssw0rd123 p@ssword123 passwordpassword password01 mypassword welcome123 welcome1234 letmein123
  letmein1234 administrator admin12345 admin123456 admin1234567 adminadmin administrator1 changeme123 changeme1234
  iloveyou123 iloveyou12 football123 baseball123 superman123 sunshine123 princess123 dragon1234 monkey1234 asdfghjkl;
  asdfghjkl1 zxcvbnm123 1qaz2wsx3edc 1qazxsw23edc qazwsxedcrfv abcdefghij abcd123456 abc1234567 abcdef1234 a123456789
  aa12345678 abc123456789 trustno1trustno1 correcthorsebatterystaple konnect123 konnect1234 konnectkonnect`.split(
    /\s+/,
  ),
)

/** Hashes a password that passed {@link demandPassword}; a PHC string. */
export const hashPassword = (password: string): Promise<string> => hash(password, COST)

/** Whether a password belongs to a PHC string. Takes the same time for any password. */
export const verifyPassword = (phc: string, password: string): Promise<boolean> => verify(phc, password)

/** Refuses weak passwords with `validation_failed`; `email` and `name` must not be the password. */
export function demandPassword(password: string, email: string): void {
  const message = weakness(password, email)
  if (message === undefined) return
  const fault: FieldFault = { path: '/password', message }
  throw new GatewayError('validation_failed', { detail: message, errors: [fault] })
}

function weakness(password: string, email: string): string | undefined {
  const lower = password.toLowerCase()
  if (password.length < MIN_LENGTH) return `Choose a password of at least ${MIN_LENGTH} characters.`
  if (password.length > MAX_LENGTH) return `Choose a password of at most ${MAX_LENGTH} characters.`
  if (lower === email.toLowerCase()) return 'Choose a password that is not your e-mail address.'
  const isRepeated = new Set(lower).size < 4
  if (isRepeated || COMMONEST.has(lower)) return 'Choose another password; this one is among the commonest.'
  return undefined
}
