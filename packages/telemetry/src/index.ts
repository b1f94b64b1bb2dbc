export { type CallShipper, type CallShipperOptions, createCallShipper } from './call-shipper.ts'
export { createMetrics, type Metrics, type MetricsOptions } from './metrics.ts'
export {
  type CallSpool,
  type CallSpoolOptions,
  createCallSpool,
  type SpoolBatch,
  type SpoolStatus,
} from './spool/call-spool.ts'
