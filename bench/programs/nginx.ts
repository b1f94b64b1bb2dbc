import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from '@konnect/testkit'
import { output } from '../measure/machine.ts'
import { processTree } from '../measure/processes.ts'
import type { Contender } from '../measure/rounds.ts'
import { answers, type Program, startProgram } from './program.ts'

const NGINX = '/usr/sbin/nginx'

/** Content that an nginx answers with, by location. */
export type StaticAnswers = Readonly<Record<string, string>>

/** An nginx that answers from memory: the upstream of every contender. */
export async function startStaticNginx(folder: string, core: number, content: StaticAnswers) {
  const locations = Object.entries(content).map(
    ([path, body]) => `location = ${path} { default_type application/json; return 200 '${body}'; }`,
  )
  return await startNginx(join(folder, 'upstream'), core, `location = /up { return 204; } ${locations.join('\n')}`)
}

/** An nginx that passes everything on: what a proxy costs at least. */
export async function startProxyNginx(folder: string, core: number, upstreamPort: number) {
  const locations = `
    location = /up { return 204; }
    location / { proxy_pass http://upstream; proxy_http_version 1.1; proxy_set_header Connection ""; }`
  const upstream = `upstream upstream { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 1000000000; }`
  const { program, port } = await startNginx(join(folder, 'proxy'), core, locations, upstream)
  const contender: Contender = {
    name: 'nginx',
    version: output(NGINX, ['-v']).split('/').at(-1) ?? 'unknown',
    pids: () => processTree(program.pid),
  }
  return { program, port, contender }
}

async function startNginx(folder: string, core: number, locations: string, httpContext = '') {
  mkdirSync(folder, { recursive: true })
  const port = await findFreePort()
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, locations, httpContext))
  const program: Program = await startProgram({
    command: NGINX,
    args: ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
    core,
    logFile: join(folder, 'output.log'),
    isReady: () => answers(`http://127.0.0.1:${port}/up`),
    readyWithinMs: 10_000,
  })
  return { program, port }
}

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

function configuration(folder: string, port: number, locations: string, httpContext: string): string {
  const temporary = TEMPORARY.map((name) => `${name}_temp_path ${join(folder, name)};`).join(' ')
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `
daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; ${user}
events { worker_connections 4096; }
http {
  access_log off; ${temporary}
  keepalive_timeout 75s; keepalive_requests 1000000000;
  ${httpContext}
  server { listen 127.0.0.1:${port}; ${locations} }
}
`
}
