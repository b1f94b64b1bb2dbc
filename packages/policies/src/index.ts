import type { Policy } from '@konnect/sdk'
import { callLog } from './call-log/policy.ts'
import { cors } from './cors/policy.ts'
import { ipRule } from './ip-rule/policy.ts'
import { jwt } from './jwt/policy.ts'
import { keyAuth } from './key-auth/policy.ts'
import { rateLimit } from './rate-limit/policy.ts'
import { requestHeaders } from './request-headers/policy.ts'
import { requestSize } from './request-size/policy.ts'
import { responseHeaders } from './response-headers/policy.ts'
import { timeout } from './timeout/policy.ts'

/** Every policy that ships with the product. */
export const policies: readonly Policy[] = [
  callLog,
  cors,
  ipRule,
  jwt,
  keyAuth,
  rateLimit,
  requestHeaders,
  requestSize,
  responseHeaders,
  timeout,
]
