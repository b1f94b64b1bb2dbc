import { type FactPlaces, readWholeFacts } from '../dialects/whole-facts.ts'
import type { ResponseFacts } from '../ports.ts'
import { readUsage } from './usage.ts'

const PLACES: FactPlaces = { content: ['results', 'data'], counts: ['usage', 'meta'], usageOf: readUsage }

/** Facts of a ranking in whichever of its vendors' words, from its bytes. */
export const readRankingFacts = (body: Buffer): ResponseFacts => readWholeFacts(body, PLACES)
