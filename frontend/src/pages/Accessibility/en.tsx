import { H, P } from '../../ui'

export const title = 'Accessibility'
export const description = 'What was done to make Plein usable for everybody, what was tested and what was not.'

export function Text() {
  return (
    <>
      <P lead>Everybody must be able to use Plein. We work to WCAG 2.2, levels A and AA.</P>
      <P>This is the statement that comes with the software. Whoever offers Plein to the public also publishes a statement of their own in the Dutch register of accessibility statements.</P>
      <H level={2}>What was tested</H>
      <P>With each change these checks run in a real browser (Chromium):</P>
      <ul>
        <li>automatic checks with axe on all kinds of pages, in Dutch and English, on a wide and a narrow screen, with and without JavaScript;</li>
        <li>searching and reading a project with the keyboard only;</li>
        <li>a screen 360 pixels wide, and 400 per cent zoom: there is no need to scroll sideways;</li>
        <li>the colours of the operating system (high contrast): buttons and fields stay visible;</li>
        <li>reading, searching, paging and signing in without JavaScript;</li>
        <li>writing and submitting a project by keyboard alone, and axe on all pages for who signed in.</li>
      </ul>
      <H level={2}>What was not tested yet</H>
      <ul>
        <li>There has been no audit by an independent party.</li>
        <li>The pages have not been tried with people who use a screen reader, voice control or magnification.</li>
        <li>Browsers other than Chromium are not tested automatically.</li>
        <li>The pages for who signed in were not each looked at with 400 per cent zoom and high contrast.</li>
      </ul>
      <H level={2}>What is not good enough yet</H>
      <ul>
        <li>The GraphQL editor on the page API is software of others. It cannot be operated well with a screen reader everywhere. Everything that it does can also be done with the examples on that page.</li>
        <li>The pages for who signed in work with JavaScript only.</li>
        <li>We do not check files that organisations add for accessibility.</li>
        <li>Documents to which a description refers are on websites of others. We have no influence there.</li>
      </ul>
      <H level={2}>Did you run into a problem?</H>
      <P>Tell the administrator of this website. Mention the page, what you wanted to do and which aid you use.</P>
    </>
  )
}
