import type { Call, JsonObject, ResourceKind } from '@konnect/contract'
import type { ColumnType, Generated } from 'kysely'

type Defaulted<T> = ColumnType<T, T | undefined, T>
/** JSON goes in as an object and comes out parsed. */
type Json<T> = ColumnType<T, T | string, T | string>

export interface ResourceTable {
  id: string
  tenant_id: string
  kind: ResourceKind
  parent_id: string | null
  name: string
  spec: Json<JsonObject>
  revision: Defaulted<number>
  created_at: Generated<string>
  updated_at: Generated<string>
}

export interface ResourceReferenceTable {
  tenant_id: string
  from_id: string
  to_id: string
}

export interface UserTable {
  id: string
  tenant_id: string
  email: string
  name: string
  password_hash: string
  role: 'admin'
  created_at: string
}

export interface SessionTable {
  hash: string
  tenant_id: string
  user_id: string
  created_at: string
  expires_at: string
}

export interface ApiTokenTable {
  id: string
  tenant_id: string
  name: string
  hash: string
  hint: string
  user_id: string | null
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}

export interface AuditEventTable {
  id: string
  tenant_id: string
  at: string
  actor: string
  action: string
  kind: string
  resource_id: string | null
  resource_name: string | null
  change: Json<JsonObject>
  client_ip: string | null
}

export interface SnapshotTable {
  version: number
  tenant_id: string
  payload: string
  signature: string
  published_at: string
  actor: string
  note: string
  digest: string
  document: Json<JsonObject>
}

export interface CallTable {
  id: string
  tenant_id: string
  started_at: string
  kind: string
  api_id: string | null
  api: string | null
  application_id: string | null
  application: string | null
  model: string | null
  provider: string | null
  method: string
  path: string
  status: number
  error_code: string | null
  duration_ms: number
  input_tokens: number | null
  output_tokens: number | null
  /** Exact decimal text. */
  cost_usd: string | null
  version: string | null
  shadow_of: string | null
  first_token_ms: number | null
  document: Json<Call>
}

export interface CallRatingTable {
  tenant_id: string
  call_id: string
  /** Of the call. */
  started_at: string
  rater: string
  score: number
  comment: string | null
  at: string
}

export interface SettingTable {
  tenant_id: string
  name: string
  value: string
}

/** The tables as the query builder knows them; the migrations are what makes them. */
export interface Database {
  resources: ResourceTable
  resource_references: ResourceReferenceTable
  users: UserTable
  sessions: SessionTable
  api_tokens: ApiTokenTable
  audit_events: AuditEventTable
  snapshots: SnapshotTable
  calls: CallTable
  call_ratings: CallRatingTable
  settings: SettingTable
}
