import { A, H, P } from '../../ui'

export const title = 'Help with Plein'
export const description = 'Searching, filters, embargoes and saving: how to use Plein.'

export function Text() {
  return (
    <>
      <H level={2}>Searching</H>
      <ul>
        <li>Type everyday words, in Dutch or English: <A to="/zoeken?q=child+poverty">child poverty</A>. Most texts are in Dutch.</li>
        <li>Plein also searches for other forms and for words that mean the same. Each result says by what it was found.</li>
        <li>Put words between “quotation marks” when they have to stand together exactly like that.</li>
        <li>Put a minus before a word that must not occur: <A to="/zoeken?q=kamers+-studenten">kamers -studenten</A>.</li>
        <li>Press the key / to go to the search box.</li>
      </ul>
      <H level={2}>Narrowing down</H>
      <P>
        Beside the results you choose a theme, a municipality or a method, for example. With several values in one list you
        see what has one of them. The address of the page remembers your choices: keep it or send it to a colleague.
      </P>
      <H level={2}>Comparable projects</H>
      <P>
        Below a project are projects that are like it, with the reasons: the same question, the same theme, a municipality
        of about the same size. It also says what is different.
      </P>
      <H level={2}>What does the status of a project mean?</H>
      <dl class="plein-facts">
        <div><dt>Idea</dt><dd>A question that may become a project.</dd></div>
        <div><dt>Question being sharpened</dt><dd>The municipality and CBS discuss what exactly is needed.</dd></div>
        <div><dt>Running</dt><dd>It is being worked on.</dd></div>
        <div><dt>On hold</dt><dd>The work waits.</dd></div>
        <div><dt>Finished</dt><dd>The question was answered.</dd></div>
        <div><dt>Stopped</dt><dd>The project ended without an answer. The reason is given: there is something to learn from it too.</dd></div>
      </dl>
      <H level={2}>What is an embargo?</H>
      <P>
        Results may be under embargo until a certain day, for example because the city council gets them first. The page
        says why and until when. After that they appear by themselves. An embargo delays; it can never keep what CBS produced
        secret.
      </P>
      <H level={2}>What is a copy?</H>
      <P>
        Catalogues of different municipalities exchange what they publish. What comes from another catalogue is called a
        copy here. You find and read it as usual. To respond or to report something you go to the catalogue that it comes
        from: the link is at the top, with when we last saw it there.
      </P>
      <H level={2}>Keeping and sharing</H>
      <ul>
        <li>Each project has a permanent address and a citation that is ready to use (“Cite”).</li>
        <li>Each search can be downloaded as CSV (for Excel) or NDJSON (for programs).</li>
        <li>A feed (Atom) shows in your feed reader what is added to a search.</li>
        <li>A project prints as a factsheet of one page.</li>
      </ul>
      <H level={2}>Need more help?</H>
      <P>Each project names the function that answers questions about it. For questions about this website ask its administrator.</P>
    </>
  )
}
