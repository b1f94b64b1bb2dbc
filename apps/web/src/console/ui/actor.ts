/** Who did something, in words: `ada@example.com`, `API token ci`, `Konnect itself`. */
export function actorText(actor: string): string {
  if (actor.startsWith('user:')) return actor.slice(5)
  if (actor.startsWith('token:')) return `API token ${actor.slice(6)}`
  return actor === 'system' ? 'Konnect itself' : actor
}
