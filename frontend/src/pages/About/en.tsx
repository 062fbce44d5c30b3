import { A, H, P } from '../../ui'

export const title = 'About Plein'
export const description = 'Plein is the shared catalogue of Urban Data Centers: what one municipality found out, another finds here.'

export function Text() {
  return (
    <>
      <P lead>Many municipalities have the same questions. On Plein they find each other’s answers.</P>
      <H level={2}>What is an Urban Data Center?</H>
      <P>
        In an Urban Data Center (UDC) a Dutch municipality and Statistics Netherlands (CBS) do data projects together. For
        example: who is entitled to a scheme and does not use it? Where are houses split into rooms? What does a new funding
        model mean for the schools in the city?
      </P>
      <P>Every municipality is different, so every municipality shapes its UDC in its own way. The questions are often alike.</P>
      <H level={2}>What do you find on Plein?</H>
      <ul>
        <li>
          <strong>Projects</strong>: the question, the approach, the data that was used, the results and what the
          municipality did with them.
        </li>
        <li>
          <strong>Ways of working</strong>: the steps, who does what, and what to check in each step.
        </li>
        <li>
          <strong>Lessons</strong>: what UDCs learned, at the step where it helps you.
        </li>
      </ul>
      <P>
        Start by <A to="/zoeken">searching</A>, or look <A to="/gemeenten">by municipality</A>. Most texts are in Dutch.
      </P>
      <H level={2}>What is public?</H>
      <P>
        Everything that you see without signing in is public. Sometimes the results of a project are still under embargo. You
        then see that the project exists, why the results wait and until when. The results appear by themselves at that
        moment. What CBS produces always becomes public, also when the results disappoint.
      </P>
      <H level={2}>Whose texts are these?</H>
      <P>
        Each description says which organisation wrote it and under which licence you may use it. Starter content was written
        by the makers of Plein from a public source. It says so, with a link to the source.
      </P>
      <H level={2}>Open software, open data</H>
      <P>
        Plein is open source (EUPL-1.2). Everything that is public can also be <A to="/api">fetched by a program</A>. Whoever
        wants to can run a Plein of their own.
      </P>
    </>
  )
}
