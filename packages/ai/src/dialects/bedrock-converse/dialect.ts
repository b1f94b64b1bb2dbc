import { readError } from '../../bedrock/errors.ts'
import { awsEventStreamFraming } from '../../framing/aws-event-stream.ts'
import type { VendorDialect } from '../dialect.ts'
import { LOSSES } from './losses.ts'
import { writeRequest } from './request-out.ts'
import { readResponse } from './response-in.ts'
import { ConverseReader } from './stream-in.ts'

/** Amazon Bedrock's Converse. */
export const bedrockConverse: VendorDialect = {
  id: 'bedrock-converse',
  framing: awsEventStreamFraming,
  losses: LOSSES,
  requestHeaders: ['content-type', 'application/json'],
  requestOut: writeRequest,
  responseIn: readResponse,
  streamIn: (memo) => new ConverseReader(memo),
  errorIn: readError,
}
