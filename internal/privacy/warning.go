package privacy

import (
	"fmt"
	"slices"

	"github.com/udc-community/plein/internal/record"
)

// words are how a kind of personal data is called, and what to do about it.
type words struct {
	one, many, advice record.Text
}

func wordsOf(k Kind) words {
	text := func(nl, en string) record.Text { return record.Text{record.Dutch: nl, record.English: en} }
	switch k {
	case CitizenNumber:
		return words{text("een burgerservicenummer", "a citizen service number (BSN)"), text("burgerservicenummers", "citizen service numbers (BSN)"),
			text("Haal dat weg: zulke nummers horen hier nooit.", "Take it away: such numbers never belong here.")}
	case Email:
		return words{text("het e-mailadres van een persoon", "the e-mail address of a person"), text("e-mailadressen van personen", "e-mail addresses of persons"),
			text("Gebruik liever het adres van een functie.", "Rather use the address of a function.")}
	case Phone:
		return words{text("een mobiel telefoonnummer", "a mobile telephone number"), text("mobiele telefoonnummers", "mobile telephone numbers"),
			text("Haal dat weg als het van een persoon is.", "Take it away if it is of a person.")}
	case BankAccount:
		return words{text("een rekeningnummer", "a bank account number"), text("rekeningnummers", "bank account numbers"),
			text("Haal dat weg als het van een persoon is.", "Take it away if it is of a person.")}
	case Address:
		return words{text("een adres met huisnummer", "an address with a house number"), text("adressen met huisnummer", "addresses with house numbers"),
			text("Haal dat weg als er iemand woont.", "Take it away if somebody lives there.")}
	}
	return words{text("de naam van een persoon", "the name of a person"), text("namen van personen", "names of persons"),
		text("Noem liever een functie.", "Rather name a function.")}
}

// Warnings tells in which fields of a document there seems to be personal data: each kind once a field.
func Warnings(r record.Record) (ps record.Problems) {
	record.EachString(r, func(field []string, text string) {
		var told []Kind
		for _, f := range Suspect(text) {
			if slices.Contains(told, f.Kind) {
				continue
			}
			told = append(told, f.Kind)
			w := wordsOf(f.Kind)
			ps = append(ps, record.Wrong(record.PersonalDataSuspected,
				fmt.Sprintf("Hier lijkt %s te staan (%s). %s", w.one[record.Dutch], f.Sample, w.advice[record.Dutch]),
				fmt.Sprintf("This seems to hold %s (%s). %s", w.one[record.English], f.Sample, w.advice[record.English]), field...))
		}
	})
	return ps
}

// FileWarnings says the same of a file.
func FileWarnings(totals []Total) (ps record.Problems) {
	for _, t := range totals {
		w := wordsOf(t.Kind)
		nl := fmt.Sprintf("In dit bestand lijkt %s te staan (%s). %s", w.one[record.Dutch], t.Sample, w.advice[record.Dutch])
		en := fmt.Sprintf("This file seems to hold %s (%s). %s", w.one[record.English], t.Sample, w.advice[record.English])
		if t.Count > 1 {
			nl = fmt.Sprintf("In dit bestand lijken %d %s te staan (de eerste: %s). %s", t.Count, w.many[record.Dutch], t.Sample, w.advice[record.Dutch])
			en = fmt.Sprintf("This file seems to hold %d %s (the first: %s). %s", t.Count, w.many[record.English], t.Sample, w.advice[record.English])
		}
		ps = append(ps, record.Wrong(record.PersonalDataSuspected, nl, en, "file"))
	}
	return ps
}
