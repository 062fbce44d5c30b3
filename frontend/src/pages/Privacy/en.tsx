import { A, H, P } from '../../ui'

export const title = 'Privacy and cookies'
export const description = 'Whoever searches and reads gets no cookies and is not followed. Here you read what is kept.'

export function Text() {
  return (
    <>
      <P lead>You need not tell anything about yourself to search and read. Plein then sets no cookies and does not follow you.</P>
      <H level={2}>Cookies</H>
      <P>
        Only whoever signs in gets cookies: one with a secret by which the server knows you, and one that tells the pages that
        you are signed in. Signing in is not possible without them, so you need not consent to them. They work for a day at
        the most, and disappear when you sign out. The editor on the page API keeps your queries in your own browser; they do
        not reach us.
      </P>
      <H level={2}>What the server keeps</H>
      <ul>
        <li>The log names the kind of page, the time and how long it took. It holds no internet addresses and no words that were searched for.</li>
        <li>To prevent overload the server counts in its memory how much an internet address asks. That is stored nowhere.</li>
        <li>A search that finds nothing may be counted, so that UDCs know what is needed. Who searched is not stored. A search can only be read when three different addresses searched for the same in one month. Searches that look like an e-mail address, a telephone number or a citizen service number do not count.</li>
      </ul>
      <H level={2}>What is kept about you when you have an account</H>
      <ul>
        <li>Your name, your e-mail address and your roles in organisations. Colleagues see your name; visitors do not.</li>
        <li>Something made of your password, from which the password cannot be found.</li>
        <li>When you signed in, and an unreadable mark of the networks from which you did.</li>
        <li>What you did with descriptions. That is in the log of your organisation.</li>
      </ul>
      <P>
        On <A to="/mijn/account">your account</A> you download all of this, and can erase your account. The log then no longer
        says who did something.
      </P>
      <H level={2}>When you report a mistake</H>
      <P>Whoever keeps the description reads your report. If you are signed in your name is with it. Otherwise nothing is kept of who you are.</P>
      <H level={2}>Names of people</H>
      <P>Descriptions hold functions, not names of people. Is there a name that should not be there? Choose “Report a mistake” below the description.</P>
      <H level={2}>Others</H>
      <P>The pages load nothing from other websites: no fonts, no maps, no statistics.</P>
    </>
  )
}
