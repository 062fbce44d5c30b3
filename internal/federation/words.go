package federation

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/udc-community/plein/internal/record"
)

// What was wrong with a peer at the last look.
const (
	NoAnswer       = "NO_ANSWER"
	NoSuchName     = "NO_SUCH_NAME"
	BadCertificate = "BAD_CERTIFICATE"
	NotPublic      = "NOT_PUBLIC"
	LeadsElsewhere = "LEADS_ELSEWHERE"
	Refuses        = "REFUSES"
	Busy           = "BUSY"
	NoPlein        = "NO_PLEIN"
	OtherAddress   = "OTHER_ADDRESS"
	TooLarge       = "TOO_LARGE"
	BadAnswer      = "BAD_ANSWER"
)

// problemOf is what was wrong with a peer; empty for an error of this node.
func problemOf(err error) string {
	for _, x := range []struct {
		err     error
		problem string
	}{{errNotPublic, NotPublic}, {errRedirect, LeadsElsewhere}, {errNoPlein, NoPlein}, {errOtherAddress, OtherAddress}, {errTooLarge, TooLarge}, {errSpent, TooLarge}, {errUnfit, BadAnswer}} {
		if errors.Is(err, x.err) {
			return x.problem
		}
	}
	if status := (*statusError)(nil); errors.As(err, &status) {
		switch {
		case status.status == http.StatusTooManyRequests || status.status == http.StatusServiceUnavailable && status.retryAfter > 0:
			return Busy
		case status.status == http.StatusNotFound || status.status == http.StatusGone:
			return NoPlein
		case status.status < http.StatusBadRequest:
			return BadAnswer
		case status.status < http.StatusInternalServerError:
			return Refuses
		}
		return NoAnswer
	}
	var name *net.DNSError
	switch {
	case !errors.Is(err, errNoAnswer):
		return ""
	case errors.As(err, &name) && name.IsNotFound:
		return NoSuchName
	case isCertificate(err):
		return BadCertificate
	}
	return NoAnswer
}

// isCertificate tells whether a connection failed because it is not, or not provably, with whom it should be.
func isCertificate(err error) bool {
	var (
		refused *tls.CertificateVerificationError
		name    x509.HostnameError
		garbled tls.RecordHeaderError
		alert   tls.AlertError
	)
	return errors.As(err, &refused) || errors.As(err, &name) || errors.As(err, &garbled) || errors.As(err, &alert) || errors.Is(err, http.ErrSchemeMismatch)
}

// notAsked is what the caller can mend when a node could not be asked, with the rest for who looks into it.
func notAsked(err error, field string) error {
	why := nodeTroubles[cmp.Or(problemOf(err), BadAnswer)]
	return fmt.Errorf("%w (%w)", record.Problems{record.Wrong(record.Invalid, why[record.Dutch], why[record.English], field)}, err)
}

// Trouble says what was wrong with a node at the last attempt, and what an administrator does about it; nothing when nothing was.
func (n *Node) Trouble() record.Text { return nodeTroubles[n.Problem] }

// Trouble says what keeps the log of a publisher from being taken in, and what an administrator does about it; nothing when
// nothing does.
func (p *Publisher) Trouble() record.Text { return publisherTroubles[p.Problem] }

func told(nl, en string) record.Text { return record.Text{record.Dutch: nl, record.English: en} }

// nodeTroubles is about the node that was asked, also where it is not known yet.
var nodeTroubles = map[string]record.Text{
	NoAnswer: told("Deze catalogus antwoordt niet. Meestal is dat tijdelijk. Blijft het zo, bel dan de beheerder daar.",
		"This catalogue does not answer. Mostly that passes. If it stays, call the administrator there."),
	NoSuchName: told("Dit adres bestaat niet op internet. Kijk of het goed is geschreven, of vraag de beheerder daar naar het goede adres.",
		"There is no such address on the internet. See whether it is written well, or ask the administrator there for the right one."),
	BadCertificate: told("Het certificaat van dit adres klopt niet of is verlopen, dus de verbinding is niet veilig. Vraag de beheerder daar om een geldig certificaat.",
		"The certificate of this address is not right or has expired, so the connection is not safe. Ask the administrator there for a valid certificate."),
	NotPublic: told("Dit adres is niet voor iedereen op internet te bereiken. Daar haalt Plein niets op. Vraag de beheerder daar naar het openbare adres.",
		"Not everybody on the internet can reach this address. Plein fetches nothing there. Ask the administrator there for the public address."),
	LeadsElsewhere: told("Dit adres stuurt door naar een ander adres. Dat volgt Plein niet. Vraag de beheerder daar op welk adres de catalogus nu staat.",
		"This address leads to another address. Plein does not follow that. Ask the administrator there at which address the catalogue is now."),
	Refuses: told("Deze catalogus laat ons niet binnen. Vraag de beheerder daar of een beveiliging ons tegenhoudt.",
		"This catalogue does not let us in. Ask the administrator there whether some protection keeps us out."),
	Busy: told("Deze catalogus heeft het druk en vraagt om later terug te komen.",
		"This catalogue is busy and asks to come back later."),
	NoPlein: told("Op dit adres staat geen Plein. Vraag de beheerder daar naar het goede adres.",
		"There is no Plein at this address. Ask the administrator there for the right address."),
	OtherAddress: told("Deze catalogus noemt zelf een ander adres dan dit. Vraag de beheerder daar welk adres klopt.",
		"This catalogue itself names another address than this one. Ask the administrator there which one is right."),
	TooLarge: told("Deze catalogus stuurt meer dan we aannemen. Blijft het zo, vraag dan de beheerder daar wat er aan de hand is.",
		"This catalogue sends more than we accept. If it stays, ask the administrator there what the matter is."),
	BadAnswer: told("Deze catalogus geeft een antwoord dat we niet kunnen gebruiken. Vraag de beheerder daar of er iets stuk is, en of Plein daar en hier is bijgewerkt.",
		"This catalogue gives an answer that we cannot use. Ask the administrator there whether something is broken, and whether Plein is up to date there and here."),
	BadProof: told("Iets wat deze catalogus van een ander doorgeeft, is niet met de juiste sleutel ondertekend. Dat is niet overgenomen. Vertel het de beheerder daar.",
		"Something that this catalogue passes on of another one is not signed with the right key. That was not taken over. Tell the administrator there."),
	OutOfOrder: told("Er ontbreekt iets in wat deze catalogus van een ander doorgeeft. De rest daarvan wacht. Blijft het zo, vertel het dan de beheerder daar.",
		"Something is missing in what this catalogue passes on of another one. The rest of that waits. If it stays, tell the administrator there."),
}

var publisherTroubles = map[string]record.Text{
	Rewound: told("Het logboek van deze uitgever is korter dan eerst. Waarschijnlijk is daar een back-up teruggezet. Bel de beheerder daar: die moet bevestigen welke kopie verder gaat.",
		"The log of this publisher is shorter than it was. A backup was probably restored there. Call the administrator there, who has to confirm which copy goes on."),
	Forked: told("Het logboek van deze uitgever vertelt iets anders dan eerst. Bel de beheerder daar en vraag of er twee kopieën van die catalogus draaien.",
		"The log of this publisher tells something else than it did. Call the administrator there and ask whether two copies of that catalogue are running."),
	BadProof: told("Iets in het logboek van deze uitgever is niet ondertekend met de juiste sleutel. Dat is niet overgenomen. Bel de beheerder daar.",
		"Something in the log of this publisher is not signed with the right key. That was not taken over. Call the administrator there."),
	KeyChanged: told("Deze uitgever laat een andere sleutel zien, waar de oude niet voor instaat. Bel de beheerder daar en vergelijk de nieuwe vingerafdruk.",
		"This publisher shows another key, for which the old one does not vouch. Call the administrator there and compare the new fingerprint."),
	TooManyDeletes: told("Deze uitgever trok heel veel tegelijk in. Dat wacht op u. Bel de beheerder daar en vraag of het klopt; laat het dan door.",
		"This publisher withdrew very much at once. That waits for you. Call the administrator there and ask whether it is right; then let it through."),
	OutOfOrder: told("Er ontbreekt een stuk van het logboek van deze uitgever. Meestal is dat tijdelijk. Blijft het zo, bel dan de beheerder daar.",
		"A piece of the log of this publisher is missing. Mostly that passes. If it stays, call the administrator there."),
}
