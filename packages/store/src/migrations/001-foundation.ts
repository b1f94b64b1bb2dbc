import type { Kysely, Migration } from 'kysely'
import { run, secureRows } from './statements.ts'

type Schema = Kysely<unknown>

async function createResources(db: Schema): Promise<void> {
  await run(
    db,
    `create table resources (
      id text collate "C" primary key,
      tenant_id text collate "C" not null,
      kind text collate "C" not null,
      parent_id text collate "C",
      name text collate "C" not null,
      spec jsonb not null,
      revision integer not null default 1 check (revision > 0),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      constraint resources_id_in_tenant unique (tenant_id, id),
      constraint resources_tenant_fkey foreign key (tenant_id) references resources (id),
      constraint resources_parent_fkey foreign key (tenant_id, parent_id)
        references resources (tenant_id, id) on delete cascade
    )`,
  )
  await run(db, `create unique index resources_name on resources (tenant_id, kind, coalesce(parent_id, ''), name)`)
  await run(db, 'create index resources_by_name on resources (tenant_id, kind, name, id)')
  await run(db, 'create index resources_by_update on resources (tenant_id, kind, updated_at, id)')
  await run(db, 'create index resources_by_kind on resources (kind, name, id)')
  await run(db, 'create index resources_by_parent on resources (parent_id) where parent_id is not null')
}

async function createReferences(db: Schema): Promise<void> {
  await run(
    db,
    `create table resource_references (
      tenant_id text collate "C" not null,
      from_id text collate "C" not null,
      to_id text collate "C" not null,
      primary key (from_id, to_id),
      constraint resource_references_from_fkey foreign key (tenant_id, from_id)
        references resources (tenant_id, id) on delete cascade,
      constraint resource_references_to_fkey foreign key (tenant_id, to_id)
        references resources (tenant_id, id) on delete restrict
    )`,
  )
  await run(db, 'create index resource_references_to on resource_references (to_id)')
}

async function createIdentity(db: Schema): Promise<void> {
  await run(
    db,
    `create table users (
      id text primary key,
      tenant_id text collate "C" not null,
      email text not null,
      name text not null,
      password_hash text not null,
      role text not null,
      created_at timestamptz(3) not null
    )`,
  )
  await run(db, 'create unique index users_email on users (lower(email))')
  await run(
    db,
    `create table sessions (
      hash text primary key,
      tenant_id text collate "C" not null,
      user_id text not null references users (id) on delete cascade,
      created_at timestamptz(3) not null,
      expires_at timestamptz(3) not null
    )`,
  )
  await run(db, 'create index sessions_expiry on sessions (expires_at)')
  await run(
    db,
    `create table api_tokens (
      id text primary key,
      tenant_id text collate "C" not null,
      name text not null,
      hash text not null unique,
      hint text not null,
      user_id text references users (id) on delete cascade,
      created_at timestamptz(3) not null,
      expires_at timestamptz(3),
      last_used_at timestamptz(3)
    )`,
  )
}

async function createRecords(db: Schema): Promise<void> {
  await run(
    db,
    `create table audit_events (
      id text collate "C" primary key,
      tenant_id text collate "C" not null,
      at timestamptz(3) not null,
      actor text not null,
      action text not null,
      kind text not null,
      resource_id text,
      resource_name text,
      change jsonb not null,
      client_ip text
    )`,
  )
  await run(db, 'create index audit_events_by_tenant on audit_events (tenant_id, at, id)')
  await run(db, 'create index audit_events_by_time on audit_events (at, id)')
  await run(db, 'create index audit_events_by_resource on audit_events (resource_id, at, id)')
  // The document is json, not jsonb: a rollback gives back exactly what was published, the order of keys included.
  await run(
    db,
    `create table snapshots (
      version bigint primary key,
      tenant_id text collate "C" not null,
      payload text not null,
      signature text not null,
      published_at timestamptz(3) not null,
      actor text not null,
      note text not null,
      digest text not null,
      document json not null
    )`,
  )
  await run(
    db,
    'create table settings (name text primary key, tenant_id text collate "C" not null, value text not null)',
  )
}

/** Written far more often than read: json is stored as it comes, and each index would be one more write a call. */
async function createCalls(db: Schema): Promise<void> {
  await run(
    db,
    `create table calls (
      id text collate "C" not null,
      tenant_id text collate "C" not null,
      started_at timestamptz(3) not null,
      kind text not null,
      api_id text,
      api text,
      application_id text,
      application text,
      model text,
      provider text,
      method text not null,
      path text not null,
      status integer not null,
      error_code text,
      duration_ms double precision not null,
      input_tokens bigint,
      output_tokens bigint,
      cost_usd numeric,
      document json not null,
      primary key (id, started_at)
    ) partition by range (started_at)`,
  )
  await run(db, 'create index calls_by_tenant on calls (tenant_id, started_at, id)')
}

const TABLES = [
  'resources',
  'resource_references',
  'users',
  'sessions',
  'api_tokens',
  'audit_events',
  'snapshots',
  'settings',
  'calls',
]

/** Every table of the first version, row-level security on each, and the default tenant. */
export const foundation: Migration = {
  async up(db: Schema) {
    await createResources(db)
    await createReferences(db)
    await createIdentity(db)
    await createRecords(db)
    await createCalls(db)
    for (const table of TABLES) await secureRows(db, table)
    await run(db, `select set_config('konnect.system', 'on', true)`)
    await run(
      db,
      `insert into resources (id, tenant_id, kind, name, spec)
       values ('default', 'default', 'tenant', 'default', '{"name": "default"}')`,
    )
  },
}
