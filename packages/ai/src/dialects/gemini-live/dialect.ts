import { KEY_IN_QUERY } from '../../google/model-path.ts'
import type { PassingDialect } from '../dialect.ts'
import type { SessionDialect } from '../session-dialect.ts'
import { LiveWatch } from './session-watch.ts'
import { SETUP } from './setup.ts'

const ID = 'gemini-live'
const SERVICE = 'google.ai.generativelanguage'
const METHOD = 'GenerativeService.BidiGenerateContent'
const PATH = `/ws/${SERVICE}.v1beta.${METHOD}`

/** Google's Live API (BidiGenerateContent): messages in JSON both ways, text, sound and video. Errors are as in `gemini`. */
export const geminiLive = ({ errorIn, errorOut }: Pick<PassingDialect, 'errorIn' | 'errorOut'>): SessionDialect => ({
  id: ID,
  operation: 'realtime',
  endpoints: [
    { dialect: ID, method: 'GET', path: PATH, isSession: true, keyInQuery: KEY_IN_QUERY },
    {
      dialect: ID,
      method: 'GET',
      path: `/ws/${SERVICE}.v1alpha.${METHOD}`,
      isSession: true,
      keyInQuery: KEY_IN_QUERY,
    },
  ],
  vendorPath: PATH,
  errorIn,
  errorOut,
  setup: SETUP,
  watch: (onUsage) => new LiveWatch(onUsage),
})
