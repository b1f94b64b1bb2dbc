import type { Vendor } from '@konnect/sdk'
import { ai21 } from './ai21/vendor.ts'
import { amazonBedrock } from './amazon-bedrock/vendor.ts'
import { anthropic } from './anthropic/vendor.ts'
import { azureOpenai } from './azure-openai/vendor.ts'
import { baichuan } from './baichuan/vendor.ts'
import { baseten } from './baseten/vendor.ts'
import { cerebras } from './cerebras/vendor.ts'
import { chutes } from './chutes/vendor.ts'
import { cloudflareWorkersAi } from './cloudflare-workers-ai/vendor.ts'
import { cohere } from './cohere/vendor.ts'
import { dashscope } from './dashscope/vendor.ts'
import { databricks } from './databricks/vendor.ts'
import { deepinfra } from './deepinfra/vendor.ts'
import { deepseek } from './deepseek/vendor.ts'
import { featherless } from './featherless/vendor.ts'
import { fireworks } from './fireworks/vendor.ts'
import { friendli } from './friendli/vendor.ts'
import { gemini } from './gemini/vendor.ts'
import { groq } from './groq/vendor.ts'
import { huggingface } from './huggingface/vendor.ts'
import { hunyuan } from './hunyuan/vendor.ts'
import { hyperbolic } from './hyperbolic/vendor.ts'
import { inferenceNet } from './inference-net/vendor.ts'
import { jina } from './jina/vendor.ts'
import { llamaCpp } from './llama-cpp/vendor.ts'
import { lmStudio } from './lm-studio/vendor.ts'
import { minimax } from './minimax/vendor.ts'
import { mistral } from './mistral/vendor.ts'
import { moonshot } from './moonshot/vendor.ts'
import { nebius } from './nebius/vendor.ts'
import { novita } from './novita/vendor.ts'
import { nscale } from './nscale/vendor.ts'
import { nvidiaNim } from './nvidia-nim/vendor.ts'
import { ollama } from './ollama/vendor.ts'
import { ollamaNative } from './ollama-native/vendor.ts'
import { openai } from './openai/vendor.ts'
import { openaiCompatible } from './openai-compatible/vendor.ts'
import { openrouter } from './openrouter/vendor.ts'
import { ovhcloud } from './ovhcloud/vendor.ts'
import { parasail } from './parasail/vendor.ts'
import { perplexity } from './perplexity/vendor.ts'
import { qianfan } from './qianfan/vendor.ts'
import { sambanova } from './sambanova/vendor.ts'
import { scaleway } from './scaleway/vendor.ts'
import { siliconflow } from './siliconflow/vendor.ts'
import { snowflakeCortex } from './snowflake-cortex/vendor.ts'
import { spark } from './spark/vendor.ts'
import { stepfun } from './stepfun/vendor.ts'
import { together } from './together/vendor.ts'
import { vercelAiGateway } from './vercel-ai-gateway/vendor.ts'
import { vertexAi } from './vertex-ai/vendor.ts'
import { vllm } from './vllm/vendor.ts'
import { volcengine } from './volcengine/vendor.ts'
import { voyage } from './voyage/vendor.ts'
import { watsonx } from './watsonx/vendor.ts'
import { xai } from './xai/vendor.ts'
import { xinference } from './xinference/vendor.ts'
import { yi } from './yi/vendor.ts'
import { zai } from './zai/vendor.ts'
import { zhipu } from './zhipu/vendor.ts'

/** Every vendor; a new one joins here and nowhere else. */
export const vendors: readonly Vendor[] = [
  openai,
  anthropic,
  openaiCompatible,
  cohere,
  ollamaNative,
  amazonBedrock,
  ai21,
  azureOpenai,
  baichuan,
  baseten,
  cerebras,
  chutes,
  cloudflareWorkersAi,
  dashscope,
  databricks,
  deepinfra,
  deepseek,
  featherless,
  fireworks,
  friendli,
  gemini,
  groq,
  huggingface,
  hunyuan,
  hyperbolic,
  inferenceNet,
  jina,
  llamaCpp,
  lmStudio,
  minimax,
  mistral,
  moonshot,
  nebius,
  novita,
  nscale,
  nvidiaNim,
  ollama,
  openrouter,
  ovhcloud,
  parasail,
  perplexity,
  qianfan,
  sambanova,
  scaleway,
  siliconflow,
  snowflakeCortex,
  spark,
  stepfun,
  together,
  vercelAiGateway,
  vertexAi,
  vllm,
  volcengine,
  voyage,
  watsonx,
  xai,
  xinference,
  yi,
  zai,
  zhipu,
]
