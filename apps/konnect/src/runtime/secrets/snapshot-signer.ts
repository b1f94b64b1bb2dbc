import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { SnapshotSigner } from '@konnect/contract'

/** DER in front of a raw Ed25519 seed in PKCS #8 (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Ed25519 (RFC 8032) with a key pair made from a 32-byte seed. Signatures travel as base64. */
export function createSnapshotSigner(seed: Buffer): SnapshotSigner {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  return {
    sign: (payload) => sign(null, Buffer.from(payload), privateKey).toString('base64'),
    verify: (payload, signature) => verify(null, Buffer.from(payload), publicKey, Buffer.from(signature, 'base64')),
  }
}
