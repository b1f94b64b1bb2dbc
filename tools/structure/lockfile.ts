/** What the rule needs of package-lock.json, format 3. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>
}

/**
 * Optional packages that an installed one names and the lockfile lacks, as `owner needs package`. npm leaves out those
 * that its registry does not have for the platform at hand; `npm ci` then refuses the lockfile, here and elsewhere.
 */
export function missingOptionals({ packages }: Lockfile): string[] {
  const isLocked = (owner: string, name: string): boolean =>
    ancestorsOf(owner).some((folder) => `${folder}node_modules/${name}` in packages)
  return Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(owner, name))
      .map((name) => `${owner} needs ${name}`),
  )
}

/** Folders in which Node looks for packages, nearest first: `node_modules/a/`, then the root. */
function ancestorsOf(owner: string): string[] {
  const parts = owner.split('/node_modules/')
  return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/`), '']
}
