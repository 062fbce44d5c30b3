import { H, P } from '../../ui'

export const title = 'Privacy and cookies'
export const description = 'Plein sets no cookies and follows nobody. Here you read what is kept.'

export function Text() {
  return (
    <>
      <P lead>You need not tell anything about yourself to search and read. Plein sets no cookies and does not follow you.</P>
      <H level={2}>Cookies</H>
      <P>This website sets no cookies, so there is nothing to consent to. The editor on the page API keeps your queries in your own browser; they do not reach us.</P>
      <H level={2}>What the server keeps</H>
      <ul>
        <li>The log names the kind of page, the time and how long it took. It holds no internet addresses and no words that were searched for.</li>
        <li>To prevent overload the server counts in its memory how much an internet address asks. That is stored nowhere.</li>
        <li>A search that finds nothing may be counted, so that UDCs know what is needed. Who searched is not stored. A search can only be read when three different addresses searched for the same in one month. Searches that look like an e-mail address, a telephone number or a citizen service number do not count.</li>
      </ul>
      <H level={2}>Names of people</H>
      <P>Descriptions hold functions, not names of people. Is there a name that should not be there? Tell the publisher of the description or the administrator of this website.</P>
      <H level={2}>Others</H>
      <P>The pages load nothing from other websites: no fonts, no maps, no statistics.</P>
    </>
  )
}
