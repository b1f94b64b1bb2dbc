import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useControl } from '../../../api/control.ts'
import { attempt } from '../../../change/attempt.ts'
import { formatQuality } from '../../../models/version-rows.ts'

interface RatingButtonsProps {
  readonly callId: string
  /** Mean of the ratings so far. */
  readonly quality: number | null
}

const SCORES = [
  { title: 'Good', score: 1 },
  { title: 'Bad', score: -1 },
]

/** Says what you think of an answer; a second word replaces the first. */
export function RatingButtons({ callId, quality }: RatingButtonsProps) {
  const control = useControl()
  const queries = useQueryClient()
  const [given, setGiven] = useState<number>()
  const rate = (score: number) =>
    attempt(async () => {
      await control.calls.rate(callId, { score })
      setGiven(score)
      for (const key of ['comparisons', 'version-figures']) await queries.invalidateQueries({ queryKey: [key] })
    })
  return (
    <span className="k-row">
      {quality !== null && <span className="k-dim">rated {formatQuality(quality)}</span>}
      {SCORES.map(({ title, score }) => (
        <Button
          key={title}
          variant="default"
          size="compact-sm"
          aria-pressed={given === score}
          onClick={() => void rate(score)}
        >
          {title}
        </Button>
      ))}
    </span>
  )
}
