import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../structure/tree.ts'
import { PAGES } from './pages.ts'

for (const { path, render } of PAGES) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true })
  writeFileSync(join(ROOT, path), render())
  console.log(path)
}
