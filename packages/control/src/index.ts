export { type ParsedConfig, type ParseOptions, parseConfigFile } from './config-file/parse.ts'
export { type ControlOptions, type ControlPlane, createControl } from './control.ts'
