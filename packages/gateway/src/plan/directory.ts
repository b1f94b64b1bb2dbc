import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject, type SnapshotApplication } from '@konnect/contract'
import type { CredentialDirectory, Principal } from '@konnect/sdk'

const MAX_REMEMBERED = 10_000

interface KeyOwner {
  readonly principal: Principal
  readonly expiresAtMs: number
}

/** Verifies a short-lived token that the control plane minted for the playground. */
export type PlaygroundVerifier = (token: string) => { tenantId: string; applicationId: string } | undefined

export interface DirectoryOptions {
  readonly applications: readonly SnapshotApplication[]
  readonly now: () => number
  readonly verifyPlayground?: PlaygroundVerifier
}

/** Builds the credential directory of one Snapshot. Keys that were found are remembered, so each is hashed once. */
export function createDirectory(options: DirectoryOptions): CredentialDirectory {
  const owners = new Map<string, KeyOwner>()
  const byId = new Map<string, Principal>()
  const byClaims = new Map<string, { claims: [string, string][]; principal: Principal }[]>()
  for (const application of options.applications) {
    const principal = principalOf(application)
    byId.set(application.id, principal)
    for (const key of application.keys) {
      owners.set(key.hash, {
        principal: { ...principal, keyId: key.id },
        expiresAtMs: key.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(key.expiresAt),
      })
    }
    const claims = Object.entries(application.claims ?? {})
    if (claims.length > 0) {
      const list = byClaims.get(application.tenantId) ?? []
      list.push({ claims, principal })
      byClaims.set(application.tenantId, list)
    }
  }
  const remembered = new Map<string, KeyOwner>()

  const ownerOf = (value: string): KeyOwner | undefined => {
    const known = remembered.get(value)
    if (known !== undefined) return known
    const owner = owners.get(createHash('sha256').update(value).digest('hex'))
    if (owner === undefined) return undefined
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(value, owner)
    return owner
  }

  return {
    findKey(value) {
      const owner = ownerOf(value)
      if (owner !== undefined) return owner.expiresAtMs > options.now() ? owner.principal : undefined
      const minted = options.verifyPlayground?.(value)
      const principal = minted === undefined ? undefined : byId.get(minted.applicationId)
      return principal?.tenantId === minted?.tenantId ? principal : undefined
    },
    findByClaims(tenantId, claims) {
      // AI endpoints belong to no tenant: there the token alone decides.
      const candidates = tenantId === '' ? [...byClaims.values()].flat() : (byClaims.get(tenantId) ?? [])
      const found = candidates.find((candidate) => holds(candidate.claims, claims))
      return found === undefined ? undefined : { ...found.principal, claims }
    },
  }
}

const principalOf = (application: SnapshotApplication): Principal => ({
  tenantId: application.tenantId,
  applicationId: application.id,
  application: application.name,
  keyId: null,
})

function holds(wanted: readonly (readonly [string, string])[], claims: JsonObject): boolean {
  return isJsonObject(claims) && wanted.every(([name, value]) => Object.hasOwn(claims, name) && claims[name] === value)
}
