import './api.css'

const place = document.getElementById('explorer')!

// GraphiQL is some twenty times as large as the rest of the page, which does not wait for it.
import('./Explorer').then(
  ({ mount }) => mount(place),
  () => (place.textContent = 'De editor is niet geladen. Laad de pagina opnieuw om het nog eens te proberen.'),
)
