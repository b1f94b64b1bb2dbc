import type { ApiTokenRow, IdentityRepository, SessionRow, UserRow } from '@konnect/contract'
import { type Selectable, sql } from 'kysely'
import type { ApiTokenTable, SessionTable, UserTable } from '../database/tables.ts'
import { INSTALLATION_TENANT, type Scope } from './scope.ts'

const userOf = (row: Selectable<UserTable>): UserRow => ({
  id: row.id,
  email: row.email,
  name: row.name,
  passwordHash: row.password_hash,
  role: row.role,
  createdAt: row.created_at,
})

const sessionOf = (row: Selectable<SessionTable>): SessionRow => ({
  hash: row.hash,
  userId: row.user_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})

const tokenOf = (row: Selectable<ApiTokenTable>): ApiTokenRow => ({
  id: row.id,
  name: row.name,
  hash: row.hash,
  hint: row.hint,
  userId: row.user_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
})

/** People, their sessions and API tokens. E-mail addresses are compared without regard to case. */
export function identityRepository({ db }: Scope): IdentityRepository {
  return { ...users(db), ...sessions(db), ...tokens(db) }
}

function users(
  db: Scope['db'],
): Pick<IdentityRepository, 'countUsers' | 'insertUser' | 'findUserByEmail' | 'findUser'> {
  return {
    countUsers: async () => {
      const row = await db
        .selectFrom('users')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return row.count
    },
    insertUser: async (user) => {
      await db
        .insertInto('users')
        .values({
          id: user.id,
          tenant_id: INSTALLATION_TENANT,
          email: user.email,
          name: user.name,
          password_hash: user.passwordHash,
          role: user.role,
          created_at: user.createdAt,
        })
        .execute()
    },
    findUserByEmail: async (email) => {
      const query = db.selectFrom('users').selectAll().where(sql`lower(email)`, '=', sql`lower(${email})`)
      const row = await query.executeTakeFirst()
      return row === undefined ? undefined : userOf(row)
    },
    findUser: async (id) => {
      const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : userOf(row)
    },
  }
}

function sessions(db: Scope['db']): Pick<IdentityRepository, 'insertSession' | 'findSession' | 'deleteSession'> {
  return {
    insertSession: async (session) => {
      // Every sign-in sweeps up, so that the table does not grow with forgotten sessions.
      await db.deleteFrom('sessions').where('expires_at', '<=', sql<string>`now()`).execute()
      await db
        .insertInto('sessions')
        .values({
          hash: session.hash,
          tenant_id: INSTALLATION_TENANT,
          user_id: session.userId,
          created_at: session.createdAt,
          expires_at: session.expiresAt,
        })
        .execute()
    },
    findSession: async (hash) => {
      const query = db.selectFrom('sessions').selectAll().where('hash', '=', hash)
      const row = await query.where('expires_at', '>', sql<string>`now()`).executeTakeFirst()
      return row === undefined ? undefined : sessionOf(row)
    },
    deleteSession: async (hash) => {
      await db.deleteFrom('sessions').where('hash', '=', hash).execute()
    },
  }
}

function tokens(db: Scope['db']): Pick<IdentityRepository, 'saveToken' | 'findToken' | 'listTokens' | 'deleteToken'> {
  return {
    saveToken: async (token) => {
      const content = {
        id: token.id,
        name: token.name,
        hint: token.hint,
        user_id: token.userId,
        created_at: token.createdAt,
        expires_at: token.expiresAt,
        last_used_at: token.lastUsedAt,
      }
      await db
        .insertInto('api_tokens')
        .values({ ...content, tenant_id: INSTALLATION_TENANT, hash: token.hash })
        .onConflict((conflict) => conflict.column('hash').doUpdateSet(content))
        .execute()
    },
    findToken: async (hash) => {
      const query = db.selectFrom('api_tokens').selectAll().where('hash', '=', hash)
      const row = await query
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<string>`now()`)]))
        .executeTakeFirst()
      return row === undefined ? undefined : tokenOf(row)
    },
    listTokens: async () => {
      const rows = await db.selectFrom('api_tokens').selectAll().orderBy('created_at', 'desc').orderBy('id').execute()
      return rows.map(tokenOf)
    },
    deleteToken: async (id) => {
      const result = await db.deleteFrom('api_tokens').where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
  }
}
