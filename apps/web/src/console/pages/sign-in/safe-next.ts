/** Only a path of this console may follow a sign-in, never an address that someone put into the link. */
export const safeNext = (next: string | undefined): string => (next && /^\/(?![/\\])/.test(next) ? next : '/')
