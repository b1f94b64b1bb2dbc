/** One demand on a password, and whether it is met. */
export interface PasswordRule {
  readonly text: string
  readonly isMet: boolean
}

const MIN_LENGTH = 10

/** What a password has to fulfil before the control plane looks at it; that one also refuses the commonest ones. */
export function passwordRules(password: string, email: string): readonly PasswordRule[] {
  const lower = password.toLowerCase()
  const mailName = email.split('@')[0]?.toLowerCase() ?? ''
  return [
    { text: `At least ${MIN_LENGTH} characters`, isMet: [...password].length >= MIN_LENGTH },
    { text: 'More than one character repeated', isMet: new Set(lower).size > 3 },
    {
      text: 'Not your e-mail address',
      isMet: password !== '' && !(mailName.length > 3 && lower.includes(mailName)),
    },
  ]
}
