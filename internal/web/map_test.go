package web

import (
	"encoding/xml"
	"strings"
	"testing"
)

type svg struct {
	ViewBox string `xml:"viewBox,attr"`
	Group   struct {
		Fill    string `xml:"fill,attr"`
		Circles []struct {
			X float64 `xml:"cx,attr"`
			Y float64 `xml:"cy,attr"`
			R float64 `xml:"r,attr"`
		} `xml:"circle"`
	} `xml:"g"`
}

func readMap(t *testing.T, body string) (out svg) {
	t.Helper()
	if err := xml.Unmarshal([]byte(body), &out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(body, "style") {
		t.Error("the content security policy refuses styles in the map")
	}
	return out
}

func TestTheMapHasADotForEachMunicipality(t *testing.T) {
	e := newEdge(t, nil)
	got := e.get(t, "/kaart.svg")
	if got.StatusCode != 200 || got.Header.Get("Content-Type") != "image/svg+xml" || got.Header.Get("ETag") == "" {
		t.Fatalf("%d %v", got.StatusCode, got.Header)
	}
	m := readMap(t, got.body)
	if m.ViewBox != "0 0 280 320" || m.Group.Fill != mapGrey || len(m.Group.Circles) != 3 {
		t.Fatalf("%+v", m)
	}
	// The largest lies below the others; these figures are those of the formula, worked out by hand.
	amsterdam, unknown := m.Group.Circles[0], m.Group.Circles[2]
	if amsterdam.X != 113.9 || amsterdam.Y != 136.5 || amsterdam.R != 8.9 || unknown.R != 0.9 {
		t.Errorf("%+v %+v", amsterdam, unknown)
	}
	if again := e.get(t, "/kaart.svg", "If-None-Match", got.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("got %d", again.StatusCode)
	}
}

func TestTheWholeCountryIsOnTheMap(t *testing.T) {
	// The ends of the country: Schiermonnikoog, Bourtange, Vaals, Sluis.
	for _, p := range []Place{{Lon: 6.2, Lat: 53.52}, {Lon: 7.23, Lat: 53.0}, {Lon: 6.02, Lat: 50.75}, {Lon: 3.36, Lat: 51.3}} {
		if x, y := p.onMap(); x < 10 || x > mapWidth-10 || y < 10 || y > mapHeight-10 {
			t.Errorf("%+v is at %.1f, %.1f", p, x, y)
		}
	}
}
