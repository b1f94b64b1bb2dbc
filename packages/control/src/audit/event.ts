import { type AuditEvent, DEFAULT_TENANT, type JsonObject } from '@konnect/contract'
import { createId } from '../resources/ids.ts'

/** Who does something. */
export interface Actor {
  /** `user:<email>`, `token:<name>` or `system`. */
  readonly label: string
  readonly clientIp: string | null
}

/** The program itself: bootstrap and the configuration given at start. */
export const SYSTEM_ACTOR: Actor = { label: 'system', clientIp: null }

/** What an act was done to. */
export interface AuditSubject {
  readonly kind: string
  readonly resource?: { readonly id: string; readonly name: string } | undefined
  /** Secrets masked. */
  readonly change?: JsonObject
  /** Default: the default tenant. */
  readonly tenantId?: string
}

/** Creates an audit event. `action` is noun and verb, e.g. `api.created`. */
export function auditEvent(actor: Actor, action: string, subject: AuditSubject, nowMs: number): AuditEvent {
  return {
    id: createId('evt', nowMs),
    tenantId: subject.tenantId ?? DEFAULT_TENANT,
    at: new Date(nowMs).toISOString(),
    actor: actor.label,
    action,
    kind: subject.kind,
    resourceId: subject.resource?.id ?? null,
    resourceName: subject.resource?.name ?? null,
    change: subject.change ?? {},
    clientIp: actor.clientIp,
  }
}
