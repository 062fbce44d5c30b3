import { useDesk } from './desk'
import type { Named } from './merge'
import { Pick, Picked } from './Pick'

/** One organisation, or none. */
export function OrganizationField({ label, hint, error, value, onChange }: { label: string; hint?: string; error?: string; value: Named | null; onChange: (value: Named | null) => void }) {
  const { findOrganization } = useDesk()
  return (
    <>
      <Pick label={label} hint={hint} error={error} find={findOrganization} onPick={onChange} />
      <Picked of={value ? [value] : []} label={label} onRemove={() => onChange(null)} />
    </>
  )
}
