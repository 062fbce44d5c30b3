/** Paths of our own, on a field of 24 by 24. */
const paths = {
  search: 'M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12zm4.5 10.5L20 20',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  download: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  feed: 'M5 19h.01M5 12a7 7 0 0 1 7 7M5 5a14 14 0 0 1 14 14',
  check: 'M5 12.5 10 17.5 19 7',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  cross: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  pin: 'M12 21s-7-6.2-7-11a7 7 0 0 1 14 0c0 4.8-7 11-7 11zm0-8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
}

/** A picture beside a word; it says nothing that the word does not. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="plein-icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}

/** The mark of Plein: houses around an open square. */
export function Mark() {
  return (
    <svg class="plein-mark" viewBox="0 0 36 36" width="36" height="36" aria-hidden="true" focusable="false">
      <rect x="2" y="2" width="9" height="9" rx="1.5" fill="currentColor" />
      <rect x="13.5" y="2" width="9" height="9" rx="1.5" fill="currentColor" opacity=".75" />
      <rect x="25" y="2" width="9" height="9" rx="1.5" fill="currentColor" />
      <rect x="2" y="13.5" width="9" height="9" rx="1.5" fill="currentColor" opacity=".75" />
      <circle cx="18" cy="18" r="4.5" fill="#f7b733" />
      <rect x="25" y="13.5" width="9" height="9" rx="1.5" fill="currentColor" opacity=".75" />
      <rect x="2" y="25" width="9" height="9" rx="1.5" fill="currentColor" />
      <rect x="13.5" y="25" width="9" height="9" rx="1.5" fill="currentColor" opacity=".75" />
      <rect x="25" y="25" width="9" height="9" rx="1.5" fill="currentColor" />
    </svg>
  )
}
