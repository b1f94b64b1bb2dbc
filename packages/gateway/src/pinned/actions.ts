import type { StoredKind } from '@konnect/sdk'
import { createBatch, listBatches, readBatch } from './batch-actions.ts'
import type { StoreAction } from './endpoints.ts'
import { deleteObject, fetchContent, listFiles, readFile, uploadFile } from './file-actions.ts'
import { createMessageBatch, fetchResults, readMessageBatch, refuseList } from './message-batch-actions.ts'
import { listInputItems, readResponse } from './response-actions.ts'
import type { StoreAnswer, StoreSession } from './store-session.ts'

/** Does what a request asks for. Undefined: the answer has gone out as it came. */
type Action = (session: StoreSession) => Promise<StoreAnswer | undefined>

/** What can be done to which kind. */
export const ACTIONS: Readonly<Record<StoredKind, Partial<Record<StoreAction, Action>>>> = {
  files: { upload: uploadFile, list: listFiles, read: readFile, delete: deleteObject, content: fetchContent },
  batches: { create: createBatch, list: listBatches, read: readBatch, cancel: readBatch },
  responses: { read: readResponse, delete: deleteObject, cancel: readResponse, 'input-items': listInputItems },
  'message-batches': {
    create: createMessageBatch,
    list: refuseList,
    read: readMessageBatch,
    cancel: readMessageBatch,
    delete: deleteObject,
    results: fetchResults,
  },
}
