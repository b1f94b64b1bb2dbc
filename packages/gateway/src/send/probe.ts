import type { UpstreamPool } from '@konnect/http'
import type { Probe } from '../select/health-probe.ts'

/** Active health checks over connections of their own, so that they neither wait for nor disturb requests. */
export function createProbe(createPool: (origin: string) => UpstreamPool): Probe {
  return (targetUrl, path, timeoutMs, signal) =>
    new Promise((resolve, reject) => {
      const { origin, host, pathname } = new URL(targetUrl)
      const pool = createPool(origin)
      const call = pool.send(
        {
          method: 'GET',
          target: pathname.replace(/\/+$/, '') + path,
          headers: ['host', host, 'user-agent', 'konnect-health', 'accept', '*/*'],
        },
        {
          onHead(status) {
            resolve(status)
            stop()
          },
          onData: () => true,
          onEnd: () => pool.close(),
          onError(failure) {
            reject(failure)
            pool.close()
          },
        },
        { connectMs: timeoutMs, headMs: timeoutMs, idleMs: timeoutMs },
      )
      const stop = () => {
        call.abort()
        pool.close()
        reject(new Error('The probe was called off'))
      }
      signal.addEventListener('abort', stop, { once: true })
    })
}
