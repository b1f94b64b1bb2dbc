import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, silentLogger } from '@konnect/contract'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../conformance/fixture.ts'
import { openStore } from '../open-store.ts'

/** A data folder with one backup that holds `kept`, and a database that also holds `later`. */
const template = mkdtempSync(join(tmpdir(), 'konnect-template-'))
let dataDir = ''

const set = async (dir: string, name: string) => {
  const store = await openStore({ dataDir: dir, logger: silentLogger })
  await store.asSystem((tx) => tx.settings.set(name, 'yes'))
  await store.close()
}

beforeAll(async () => {
  await set(template, 'kept')
  const backups = readdirSync(join(template, 'backups'))
  await set(template, 'later')
  for (const name of readdirSync(join(template, 'backups'))) {
    if (!backups.includes(name)) rmSync(join(template, 'backups', name))
  }
}, 120_000)

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'konnect-recovery-'))
  cpSync(template, dataDir, { recursive: true })
})

afterEach(() => rmSync(dataDir, { recursive: true, force: true }))
afterAll(() => rmSync(template, { recursive: true, force: true }))

const inDatabase = (...parts: string[]) => join(dataDir, 'database', ...parts)

/** Files of the tables and catalogs, i.e. everything that lies in pages. */
const pageFiles = () => {
  const base = inDatabase('base')
  return readdirSync(base)
    .flatMap((database) => readdirSync(join(base, database)).map((name) => join(base, database, name)))
    .filter((path) => /\d+$/.test(path) && statSync(path).size > 0)
}

const DAMAGES: Record<string, () => void> = {
  'its control file is cut off': () => truncateSync(inDatabase('global', 'pg_control'), 100),
  'bytes changed within its pages': () => {
    for (const path of pageFiles()) {
      const content = readFileSync(path)
      for (let at = 4_000; at < content.length; at += 8_192) content[at] = (content[at] ?? 0) ^ 0xff
      writeFileSync(path, content)
    }
  },
  'its folder is gone': () => rmSync(inDatabase(), { recursive: true }),
}

describe('a damaged embedded database', { timeout: 120_000 }, () => {
  it.each(Object.entries(DAMAGES))('is replaced by its newest backup, and says so, when %s', async (_title, damage) => {
    const hadFolder = _title !== 'its folder is gone'
    damage()
    const warnings: string[] = []
    const logger: Logger = { ...silentLogger, warn: (_fields, message) => warnings.push(message) }
    const store = await openStore({ dataDir, logger })
    try {
      expect(await store.asSystem((tx) => tx.settings.get('kept'))).toBe('yes')
      expect(await store.asSystem((tx) => tx.settings.get('later'))).toBeUndefined()
      expect(store.notices.join(' ')).toContain('was restored from the backup')
      expect(warnings).toEqual(store.notices)
      expect(readdirSync(dataDir).some((name) => name.startsWith('damaged-'))).toBe(hadFolder)
    } finally {
      await store.close()
    }
  })

  it('passes over a backup that is damaged itself', async () => {
    await set(dataDir, 'second')
    const [older = '', newer = ''] = readdirSync(join(dataDir, 'backups')).sort()
    truncateSync(join(dataDir, 'backups', newer), 1_000)
    rmSync(inDatabase('global', 'pg_control'))
    const store = await openStore({ dataDir, logger: silentLogger })
    try {
      expect(store.notices[0]).toContain(`${newer} is damaged`)
      expect(store.notices[1]).toContain(older)
      expect(await store.asSystem((tx) => tx.settings.get('kept'))).toBe('yes')
    } finally {
      await store.close()
    }
  })

  it('is left alone when there is no good backup: the start fails and nothing is emptied', async () => {
    for (const name of readdirSync(join(dataDir, 'backups'))) truncateSync(join(dataDir, 'backups', name), 10)
    rmSync(inDatabase('global', 'pg_control'))
    expect(await codeOf(openStore({ dataDir, logger: silentLogger }))).toBe('database_unavailable')
    expect(existsSync(inDatabase('base'))).toBe(true)
    expect(existsSync(join(dataDir, 'konnect.lock'))).toBe(false)
  })
})

describe('a sound embedded database', { timeout: 120_000 }, () => {
  it('opens as it was, without a word', async () => {
    const store = await openStore({ dataDir, logger: silentLogger })
    expect(await store.asSystem((tx) => tx.settings.get('later'))).toBe('yes')
    expect(store.notices).toEqual([])
    await store.close()
  })

  it('is refused to a second opener while it is open', async () => {
    const store = await openStore({ dataDir, logger: silentLogger })
    expect(await codeOf(openStore({ dataDir, logger: silentLogger }))).toBe('data_folder_locked')
    await store.close()
    await store.close()
    const again = await openStore({ dataDir, logger: silentLogger })
    await again.close()
  })

  it('is backed up while it changes, and not while it does not; the newest four stay', async () => {
    const names = () =>
      readdirSync(join(dataDir, 'backups'))
        .filter((name) => name.endsWith('.tar.gz'))
        .sort()
    const before = names()
    let backedUp: () => void = () => {}
    const logger: Logger = { ...silentLogger, debug: () => backedUp() }
    const store = await openStore({ dataDir, logger, backupEveryMs: 20 })
    for (let round = 1; round <= 5; round += 1) {
      const finished = new Promise<void>((resolve) => {
        backedUp = resolve
      })
      await store.asSystem((tx) => tx.settings.set('round', String(round)))
      await finished
    }
    const after = names()
    expect(after).toHaveLength(4)
    expect(after).not.toContain(before[0])
    await store.close()
    expect(names()).toEqual(after)
  })
})
