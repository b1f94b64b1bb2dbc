import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const require = createRequire(import.meta.url)
const folderOf = (name: string): string => dirname(require.resolve(name))

/** Types of the official clients, which OpenAI and Anthropic generate from the descriptions of their APIs. */
const OFFICIAL = {
  ChatCompletion: ['openai', 'resources/chat/completions/completions.js'],
  ChatCompletionChunk: ['openai', 'resources/chat/completions/completions.js'],
  ChatCompletionCreateParams: ['openai', 'resources/chat/completions/completions.js'],
  Completion: ['openai', 'resources/completions.js'],
  CompletionCreateParams: ['openai', 'resources/completions.js'],
  Response: ['openai', 'resources/responses/responses.js'],
  ResponseStreamEvent: ['openai', 'resources/responses/responses.js'],
  ResponseCreateParams: ['openai', 'resources/responses/responses.js'],
  MessageCreateParams: ['@anthropic-ai/sdk', 'resources/messages/messages.js'],
} as const
export type OfficialType = keyof typeof OFFICIAL
export const OFFICIAL_TYPES = Object.keys(OFFICIAL) as readonly OfficialType[]

/** Something that went over the wire, and what it has to be. */
export interface Typed {
  readonly type: OfficialType
  readonly value: unknown
}

/** Fields that vendors themselves have added to OpenAI's answers, and that its description says nothing of. */
const ADDED: ReadonlySet<string> = new Set(['reasoning_content', 'thinking_blocks', 'images', 'store'])

/** What the official client hands to its caller: it adds a field to responses. */
const handedOn = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, each) => {
    if (ADDED.has(key)) return undefined
    return each?.object === 'response' ? { output_text: '', ...each } : each
  })

/** A fault, and a value that has it. */
export interface Fault {
  readonly said: string
  readonly example: unknown
}

/** One line for each kind of fault. */
export function kindsOf(faults: readonly Fault[]): string[] {
  const kinds = new Map<string, unknown>()
  for (const { said, example } of faults) if (!kinds.has(said)) kinds.set(said, example)
  return [...kinds].map(([said, example]) => `${said} in ${JSON.stringify(example).slice(0, 500)}`)
}

const CONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: [],
    module: 'ESNext',
    moduleResolution: 'bundler',
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  },
  files: ['wire.ts'],
}

/**
 * Holds values against the types of the official clients with the TypeScript compiler: every demanded field is there, every
 * field is known and of its type, every word is one of those listed. Ranges and formats are no part of types. Gives what
 * does not fit.
 */
export async function misfits(values: readonly Typed[]): Promise<Fault[]> {
  const folder = await mkdtemp(join(tmpdir(), 'konnect-types-'))
  try {
    const imports = Object.entries(OFFICIAL).map(
      ([type, [name, file]]) => `import type { ${type} } from ${JSON.stringify(join(folderOf(name), file))}`,
    )
    // A literal, not a variable: only then are unknown fields refused. One value a line.
    const lines = values.map(({ type, value }, at) => {
      const text = JSON.stringify(type.endsWith('Params') ? value : handedOn(value))
      return `export const v${at}: ${type} = ${text}`
    })
    await writeFile(join(folder, 'wire.ts'), [...imports, ...lines, ''].join('\n'))
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG))
    return (await compile(folder)).map((line) => explained(line, imports.length, values))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function compile(folder: string): Promise<string[]> {
  const compiler = join(folderOf('typescript/package.json'), 'bin', 'tsc')
  const flags = [compiler, '-p', folder, '--pretty', 'false']
  const output = await promisify(execFile)(process.execPath, flags, { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout || `${String(error)}\n`,
  )
  return output.split('\n').filter((line) => /^\S/.test(line))
}

function explained(line: string, offset: number, values: readonly Typed[]): Fault {
  const [, row, fault] = /wire\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? []
  const found = values[Number(row) - 1 - offset]
  return found === undefined ? { said: line, example: null } : { said: `${found.type}: ${fault}`, example: found.value }
}
