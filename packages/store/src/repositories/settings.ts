import type { SettingRepository } from '@konnect/contract'
import { INSTALLATION_TENANT, type Scope } from './scope.ts'

/** Small facts of the installation. */
export function settingRepository({ db }: Scope): SettingRepository {
  return {
    get: async (name) => {
      const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
      return row?.value
    },
    set: async (name, value) => {
      await db
        .insertInto('settings')
        .values({ tenant_id: INSTALLATION_TENANT, name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute()
    },
    delete: async (name) => {
      await db.deleteFrom('settings').where('name', '=', name).execute()
    },
  }
}
