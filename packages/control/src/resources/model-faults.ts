import { type FieldFault, isJsonObject, type JsonObject } from '@konnect/contract'
import { objectsUnder } from './kinds.ts'
import type { ResourceFault } from './references.ts'
import type { ResourceTree, StoredResource } from './tree.ts'

/** Checks what models say of their versions, and that no name leads to two models of a tenant. */
export function modelFaults(tree: ResourceTree): ResourceFault[] {
  const models = tree.ofKind('model')
  const own = models.flatMap((resource) => ownFaults(resource.spec).map((fault) => ({ resource, fault })))
  return [...own, ...nameFaults(models)]
}

function ownFaults(spec: JsonObject): FieldFault[] {
  const names = objectsUnder(spec, 'versions').map(({ name }) => String(name))
  return [
    ...repeated(
      names,
      (at) => `/versions/${at}/name`,
      (name) => `Another version of this model is called "${name}".`,
    ),
    ...trafficFaults(spec, names),
    ...replacementFaults(spec),
  ]
}

function trafficFaults({ traffic }: JsonObject, names: readonly string[]): FieldFault[] {
  if (!isJsonObject(traffic)) return []
  if (names.length === 0) {
    return [{ path: '/traffic', message: 'Only versions share traffic; list versions in place of deployments.' }]
  }
  const previous = traffic.previous === undefined ? [] : shareFaults(traffic, 'previous', names)
  return [...shareFaults(traffic, 'shares', names), ...previous, ...shadowFaults(traffic, names)]
}

function shareFaults(traffic: JsonObject, field: 'shares' | 'previous', names: readonly string[]): FieldFault[] {
  const shares = objectsUnder(traffic, field)
  const pointer = (at: number) => `/traffic/${field}/${at}/version`
  const versions = shares.map(({ version }) => String(version))
  const sum = shares.reduce((all, { percent }) => all + Number(percent), 0)
  return [
    ...versions.flatMap((version, at) => unknownVersion(pointer(at), version, names)),
    ...repeated(versions, pointer, (version) => `"${version}" has a share already.`),
    ...(sum === 100 ? [] : [{ path: `/traffic/${field}`, message: `The percentages add up to ${sum}; expected 100.` }]),
  ]
}

function shadowFaults(traffic: JsonObject, names: readonly string[]): FieldFault[] {
  if (!isJsonObject(traffic.shadow)) return []
  const path = '/traffic/shadow/version'
  const version = String(traffic.shadow.version)
  const isAlone = objectsUnder(traffic, 'shares').some((share) => share.version === version && share.percent === 100)
  const alone = isAlone ? [{ path, message: `"${version}" answers every request itself.` }] : []
  return [...unknownVersion(path, version, names), ...alone]
}

const unknownVersion = (path: string, version: string, names: readonly string[]): FieldFault[] =>
  names.includes(version)
    ? []
    : [{ path, message: `There is no version "${version}"; expected one of: ${names.join(', ')}.` }]

function replacementFaults({ name, deprecation }: JsonObject): FieldFault[] {
  const isItself = isJsonObject(deprecation) && deprecation.replacement === name
  return isItself ? [{ path: '/deprecation/replacement', message: 'A model cannot replace itself.' }] : []
}

function repeated(
  values: readonly string[],
  pointer: (at: number) => string,
  message: (value: string) => string,
): FieldFault[] {
  return values.flatMap((value, at) =>
    values.indexOf(value) === at ? [] : [{ path: pointer(at), message: message(value) }],
  )
}

/** One name that applications may send for a model, and where it comes from. */
interface Claim {
  readonly resource: StoredResource
  readonly name: string
  readonly path: string
}

// Each of the models that share a name is told, since any of them may be the one that changed.
function nameFaults(models: readonly StoredResource[]): ResourceFault[] {
  const byName = new Map<string, Claim[]>()
  for (const claim of models.flatMap(claimsOf)) {
    const key = `${claim.resource.tenantId}\n${claim.name}`
    byName.set(key, [...(byName.get(key) ?? []), claim])
  }
  return [...byName.values()].flatMap((claims) => (claims.length === 1 ? [] : claims.flatMap(collisionsOf(claims))))
}

function claimsOf(resource: StoredResource): Claim[] {
  const { aliases } = resource.spec
  const names = [
    { name: resource.name, path: '/name' },
    ...(Array.isArray(aliases) ? aliases : []).map((alias, at) => ({ name: String(alias), path: `/aliases/${at}` })),
  ]
  const pinned = objectsUnder(resource.spec, 'versions').flatMap((version, at) =>
    names.map(({ name }) => ({ name: `${name}@${String(version.name)}`, path: `/versions/${at}/name` })),
  )
  return [...names, ...pinned].map((claim) => ({ resource, ...claim }))
}

const collisionsOf =
  (claims: readonly Claim[]) =>
  ({ resource, name, path }: Claim): ResourceFault[] => {
    const other = claims.find((claim) => claim.path !== path || claim.resource.id !== resource.id)
    // The same name twice in one place is told as a repetition there.
    if (other === undefined) return []
    const whose = other.resource.id === resource.id ? 'this model' : `the model "${other.resource.name}"`
    return [{ resource, fault: { path, message: `"${name}" leads to ${whose} already.` } }]
  }
