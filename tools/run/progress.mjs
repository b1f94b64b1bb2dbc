/** Says what is being done and, once it is done, how long it took. A failing `work` says nothing more. */
export async function step(title, work) {
  const startedAt = performance.now()
  console.log(`${title}…`)
  const result = await work()
  console.log(`${title}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return result
}
